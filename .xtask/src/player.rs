//! The API of SCORM: scorm-again, which `.ci/setup` takes from npm. It is MIT licensed, and its licence stands in what is shipped.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The same number stands in `.ci/setup`.
const VERSION: &str = "3.4.3";

/// The script of `scorm12` or `scorm2004`: a module without parts of its own.
pub(crate) fn script(root: &Path, name: &str) -> Result<Vec<u8>> {
    let package = root.join("target/tools/node_modules/scorm-again");
    let read = |file: &str| {
        fs::read_to_string(package.join(file))
            .with_context(|| format!("{file} of scorm-again is missing: run .ci/setup run"))
    };
    ensure!(
        read("package.json")?.contains(&format!("\"version\": \"{VERSION}\"")),
        "scorm-again is not {VERSION}: run .ci/setup run"
    );
    let licence = read("LICENSE")?.replace("*/", "");
    let script = read(&format!("dist/esm/{name}.min.js"))?;
    // Its map stays behind.
    let lines = script
        .lines()
        .filter(|it| !it.starts_with("//# sourceMappingURL="));
    let script = lines.collect::<Vec<_>>().join("\n");
    Ok(format!("/*! scorm-again {VERSION}\n{licence}*/\n{script}\n").into_bytes())
}
