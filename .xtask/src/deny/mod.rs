//! Licences, banned crates and sources of everything in Cargo.lock, after the lists in `.config/deny.json`.
//!
//! Written here because cargo-deny takes longer to install than everything else that the tests need, and its database of
//! advisories cannot be reached from every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::bundle::SCANNER;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    /// SPDX names that may be shipped.
    licences: BTreeSet<String>,
    /// Crate and its one licence that only this crate may have: whoever changes its own files gives them back, and nobody
    /// here changes them.
    exceptions: BTreeMap<String, String>,
    /// Crate and reason: nowhere.
    banned: BTreeMap<String, String>,
    /// Crate and reason: not in what the browser downloads.
    banned_in_browser: BTreeMap<String, String>,
}

pub(crate) fn check(root: &Path) -> Result<()> {
    let rules =
        fs::read(root.join(".config/deny.json")).context(".config/deny.json cannot be read")?;
    let rules: Rules = serde_json::from_slice(&rules).context(".config/deny.json")?;
    let mut problems = Vec::new();

    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    for source in lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
    {
        if source.trim_matches('"') != CRATES_IO {
            problems.push(format!("{source}: only crates.io is a source"));
        }
    }

    let everything = tree(root, &["--workspace", "--edges", "normal,build,dev"])?;
    for (name, licence) in &everything {
        let is_excepted = rules.exceptions.get(name) == Some(licence);
        if !is_excepted && !allowed(licence, &rules.licences) {
            problems.push(format!(
                "{name}: licence '{licence}' is not in .config/deny.json"
            ));
        }
        if let Some(reason) = rules.banned.get(name) {
            problems.push(format!("{name}: {reason}"));
        }
    }
    let browser = [
        "--package",
        "portal",
        "--package",
        "console",
        "--package",
        SCANNER,
        "--target",
        "wasm32-unknown-unknown",
        "--edges",
        "normal,no-proc-macro",
    ];
    for (name, _) in tree(root, &browser)? {
        if let Some(reason) = rules.banned_in_browser.get(&name) {
            problems.push(format!("{name}, in the browser: {reason}"));
        }
    }

    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    println!(
        "deny: {} crates, their licences and sources are fine",
        everything.len()
    );
    Ok(())
}

/// Names and licences of the crates that cargo would build.
fn tree(root: &Path, arguments: &[&str]) -> Result<BTreeMap<String, String>> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .current_dir(root)
        .args([
            "tree", "--locked", "--prefix", "none", "--format", "{p}\t{l}",
        ])
        .args(arguments)
        .output()
        .context("cargo cannot be started")?;
    ensure!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let crates = text.lines().filter_map(|line| {
        let (name, licence) = line.split_once('\t')?;
        // Cargo marks a crate that it has shown before.
        let licence = licence.trim_end_matches(" (*)");
        Some((name.split(' ').next()?.to_owned(), licence.to_owned()))
    });
    Ok(crates.collect())
}

/// Whether an SPDX expression can be met with the allowed licences: `OR` needs one side, `AND` both; `AND` binds tighter.
fn allowed(expression: &str, licences: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let met = either(&mut words, licences);
    met && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, licences: &BTreeSet<String>) -> bool {
    let mut met = both(words, licences);
    while words.next_if_eq(&"OR").is_some() {
        // Not short-circuited: the words must be read either way.
        met |= both(words, licences);
    }
    met
}

fn both(words: &mut Words<'_>, licences: &BTreeSet<String>) -> bool {
    let mut met = one(words, licences);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, licences);
    }
    met
}

fn one(words: &mut Words<'_>, licences: &BTreeSet<String>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        return either(words, licences) & words.next_if_eq(&")").is_some();
    }
    let Some(name) = words.next() else {
        return false;
    };
    match words.next_if_eq(&"WITH").and_then(|_| words.next()) {
        Some(exception) => licences.contains(&format!("{name} WITH {exception}")),
        None => licences.contains(name),
    }
}

#[cfg(test)]
mod tests;
