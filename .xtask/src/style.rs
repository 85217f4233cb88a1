//! The style sheets: the files of `style/`, joined in the order of one list. The portal's goes without what only the console draws.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::bundle;

/// `tokens.css` comes first: it states the order of the layers, which decides who wins. The rest is in reading order.
const SHEETS: &[&str] = &[
    "tokens.css",
    "reset.css",
    "base.css",
    "layout.css",
    "ui.css",
    "home.css",
    "booking.css",
    "event.css",
    "learning.css",
    "me.css",
    "sign_in.css",
    "staff.css",
    "event_plan.css",
    "utility.css",
    "print.css",
];

/// What only the console draws: a phone that has no use for it does not load it.
const CONSOLE_ONLY: &[&str] = &["staff.css", "event_plan.css"];

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
            SHEETS.contains(&name.as_str()),
            "style/{name} is in no list: add it to SHEETS in .xtask/src/style.rs"
        );
    }
    let (mut portal, mut console) = (String::new(), String::new());
    for &name in SHEETS {
        ensure!(
            found.contains(name),
            "style/{name} does not exist, but SHEETS in .xtask/src/style.rs names it"
        );
        let sheet = fs::read_to_string(root.join("style").join(name))?;
        console.push_str(&sheet);
        if !CONSOLE_ONLY.contains(&name) {
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
