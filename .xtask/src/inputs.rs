//! Has anything changed since the last build? One hash over everything that goes into it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::asset::hex;
use crate::compiler::Compiler;
use crate::site::Mode;

const FOLDERS: [&str; 5] = ["app", "frontend", "style", "public", ".xtask"];
const FILES: [&str; 2] = ["Cargo.toml", "Cargo.lock"];

pub(crate) fn fingerprint(root: &Path, mode: Mode, compiler: &Compiler) -> Result<String> {
    let mut files: Vec<PathBuf> = FILES.iter().map(|name| root.join(name)).collect();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    hash.update(format!("{compiler} {}\n", mode == Mode::Release));
    for file in files {
        let bytes =
            fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        hash.update(format!(
            "{} {}\n",
            file.strip_prefix(root).unwrap_or(&file).display(),
            bytes.len()
        ));
        hash.update(bytes);
    }
    Ok(hex(&hash.finalize(), 32))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
