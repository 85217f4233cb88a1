//! The style sheets: the files of `style/`, joined in the order of one list. The portal's goes without what only the console draws.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use Side::{Both, Console};

use crate::bundle;

/// `tokens.css` comes first: it states the order of the layers, which decides who wins. The rest is in reading order.
const SHEETS: &[(&str, Side)] = &[
    ("tokens.css", Both),
    ("reset.css", Both),
    ("base.css", Both),
    ("layout.css", Both),
    ("ui.css", Both),
    ("home.css", Both),
    ("booking.css", Both),
    ("event.css", Both),
    ("learning.css", Both),
    ("me.css", Both),
    ("sign_in.css", Both),
    ("staff.css", Console),
    ("event_plan.css", Console),
    ("utility.css", Both),
    ("print.css", Both),
];

/// Who draws with a sheet: a phone does not load what only the console has a use for.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Both,
    Console,
}

/// The sheet of each bundle.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sheets<T> {
    pub(crate) portal: T,
    pub(crate) console: T,
}

/// Joins and makes small.
pub(crate) fn join(root: &Path) -> Result<Sheets<Vec<u8>>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root.join("style")).context("style/ cannot be read")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".css") {
            found.insert(name);
        }
    }
    for name in &found {
        ensure!(
            SHEETS.iter().any(|it| it.0 == name),
            "style/{name} is in no list: add it to SHEETS in .xtask/src/style.rs"
        );
    }
    let (mut portal, mut console) = (String::new(), String::new());
    for &(name, side) in SHEETS {
        ensure!(
            found.contains(name),
            "style/{name} does not exist, but SHEETS in .xtask/src/style.rs names it"
        );
        let sheet = fs::read_to_string(root.join("style").join(name))?;
        console.push_str(&sheet);
        if side == Both {
            portal.push_str(&sheet);
        }
    }
    Ok(Sheets {
        portal: small(root, "portal", &portal)?,
        console: small(root, "console", &console)?,
    })
}

fn small(root: &Path, name: &str, joined: &str) -> Result<Vec<u8>> {
    let folder = root.join("target/wasm/bundle");
    fs::create_dir_all(&folder)?;
    let input = folder.join(format!("{name}.css"));
    fs::write(&input, joined)?;
    bundle::small(root, &input)
}
