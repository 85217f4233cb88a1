//! The style sheet: the files of `style/`, joined in the order of one list.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

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

pub(crate) fn join(root: &Path) -> Result<Vec<u8>> {
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
    let mut joined = String::new();
    for &name in SHEETS {
        ensure!(
            found.contains(name),
            "style/{name} does not exist, but SHEETS in .xtask/src/style.rs names it"
        );
        joined.push_str(&fs::read_to_string(root.join("style").join(name))?);
    }

    let folder = root.join("target/wasm/bundle");
    fs::create_dir_all(&folder)?;
    let input = folder.join("app.css");
    fs::write(&input, joined)?;
    let mut esbuild = Command::new(root.join("target/tools/node_modules/.bin/esbuild"));
    let output = esbuild
        .args(["--minify", "--log-level=warning"])
        .arg(&input)
        .stderr(Stdio::inherit())
        .output()
        .context("esbuild is missing: run .ci/setup run")?;
    ensure!(output.status.success(), "the style sheet has a mistake");
    Ok(output.stdout)
}
