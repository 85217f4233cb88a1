//! The size of what a phone downloads on its first visit, and the budget it must keep to.
//!
//! The budget is a ratchet: `cargo xtask size --lower` only ever lowers it, and no edit lifts it over the ceiling below.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::bundle::SCANNER;
use crate::site::{Entry, Manifest};

const BUDGET: &str = ".ci/size-budget.json";

/// What the page's own HTML may take of a first load, compressed: a signed-in home with its rows.
const HTML_ROOM: u64 = 15_000;

/// Bundle and ceiling in bytes, compressed: script and WASM, and of a first load, which may take 300 and 350 kB, the style sheet.
const CEILINGS: [(&str, u64); 3] = [
    ("portal", 300_000 - HTML_ROOM),
    ("console", 350_000 - HTML_ROOM),
    (SCANNER, 40_000),
];

/// A budget this much over the need is worth lowering.
const SLACK_PERCENT: u64 = 5;

type Budget = BTreeMap<String, u64>;

/// Prints the report; fails when a bundle is over its budget.
pub(crate) fn check(root: &Path) -> Result<()> {
    let budget = read_budget(root)?;
    let manifest = read_manifest(root)?;
    let mut over = Vec::new();
    println!(
        "{:<10}{:>9}{:>9}{:>9}{:>9}{:>9}   (brotli, bytes)",
        "bundle", "js", "wasm", "css", "total", "budget"
    );
    for (name, parts) in bundles(root, &manifest)? {
        let total: u64 = parts.iter().sum();
        let limit = budget[name];
        println!(
            "{name:<10}{:>9}{:>9}{:>9}{total:>9}{limit:>9}",
            parts[0], parts[1], parts[2]
        );
        if total > limit {
            over.push(format!("{name} is {} bytes over its budget", total - limit));
        } else if total + limit * SLACK_PERCENT / 100 < limit {
            println!(
                "{:<10}{} bytes to spare: 'cargo xtask size --lower' keeps what was won",
                "",
                limit - total
            );
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    bail!(
        "{}: take bytes out; {BUDGET} is not to be raised",
        over.join("; ")
    )
}

/// Writes what the last build needs, plus a little room, as the new budget; a budget never rises.
pub(crate) fn lower(root: &Path) -> Result<()> {
    let mut budget = read_budget(root)?;
    for (name, parts) in bundles(root, &read_manifest(root)?)? {
        let need = parts.iter().sum::<u64>() * 102 / 100;
        let need = need.next_multiple_of(1_000);
        let limit = budget.entry(name.to_owned()).or_insert(need);
        *limit = need.min(*limit);
        println!("{name}: {limit}");
    }
    fs::write(
        root.join(BUDGET),
        serde_json::to_string_pretty(&budget)? + "\n",
    )
    .context(BUDGET)
}

/// For each bundle the compressed sizes of script, WASM and style sheet; the scanner draws nothing.
fn bundles(root: &Path, manifest: &Manifest) -> Result<[(&'static str, [u64; 3]); 3]> {
    let size = |address: &str| -> Result<u64> {
        let path = root.join(format!("target/site{address}.br"));
        Ok(fs::metadata(&path)
            .context("the last build is not compressed: run 'cargo xtask site'")?
            .len())
    };
    let css = &manifest.css;
    let parts = |of: &Entry, css| Ok::<_, anyhow::Error>([size(&of.js)?, size(&of.wasm)?, css]);
    Ok([
        ("portal", parts(&manifest.portal, size(&css.portal)?)?),
        ("console", parts(&manifest.console, size(&css.console)?)?),
        (SCANNER, parts(&manifest.scanner, 0)?),
    ])
}

fn read_manifest(root: &Path) -> Result<Manifest> {
    let json = fs::read(root.join("target/site/manifest.json"))
        .context("nothing is built: run 'cargo xtask site'")?;
    Ok(serde_json::from_slice(&json)?)
}

fn read_budget(root: &Path) -> Result<Budget> {
    let budget: Budget =
        serde_json::from_slice(&fs::read(root.join(BUDGET)).context(BUDGET)?).context(BUDGET)?;
    for (name, ceiling) in CEILINGS {
        let limit = *budget
            .get(name)
            .with_context(|| format!("{BUDGET} says nothing about {name}"))?;
        ensure!(
            limit <= ceiling,
            "{BUDGET}: {name} may take at most {ceiling} bytes"
        );
    }
    Ok(budget)
}
