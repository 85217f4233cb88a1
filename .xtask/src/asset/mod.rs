//! Files with their hash in their name: what a name holds never changes, so a phone may keep it for ever.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::site::Mode;

/// A page that was open when a new build arrived may still ask for the files of its own.
const BUILDS_KEPT: usize = 3;

/// Compressing a picture again only wastes time.
const COMPRESSIBLE: [&str; 7] = ["css", "html", "js", "json", "svg", "wasm", "webmanifest"];

pub(crate) struct Assets {
    site: PathBuf,
    compress: bool,
    names: Vec<String>,
}

/// One line of `builds.json`: which files a build consists of.
#[derive(Serialize, Deserialize)]
struct Build {
    build: String,
    files: Vec<String>,
}

impl Assets {
    pub(crate) fn open(site: &Path, mode: Mode) -> Result<Self> {
        fs::create_dir_all(site.join("assets"))?;
        Ok(Self {
            site: site.to_owned(),
            compress: mode == Mode::Release,
            names: Vec::new(),
        })
    }

    /// Writes `assets/{stem}.{hash}.{extension}` and returns its address.
    pub(crate) fn add(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
        let name = format!("{stem}.{}.{extension}", hex(&Sha256::digest(bytes), 12));
        self.put(&format!("assets/{name}"), bytes)?;
        self.names.push(name.clone());
        Ok(format!("/assets/{name}"))
    }

    /// Writes a file of a fixed name, and its brotli twin; a reader sees the old file or the new one.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.site.join(name);
        replace(&path, bytes)?;
        let twin = self.site.join(format!("{name}.br"));
        let extension = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if self.compress && COMPRESSIBLE.contains(&extension.as_str()) {
            replace(&twin, &brotli(bytes)?)
        } else if twin.exists() {
            fs::remove_file(twin).context("an old compressed file cannot be removed")
        } else {
            Ok(())
        }
    }

    /// The name of this build: it changes when any file, or the text of the service worker, changes.
    pub(crate) fn build_id(&self, worker: &str) -> String {
        let mut hash = Sha256::new();
        for name in &self.names {
            hash.update(name);
        }
        hash.update(worker);
        hex(&hash.finalize(), 16)
    }

    /// Forgets the files that belong to none of the last builds.
    pub(crate) fn keep_last_builds(&self, build: &str) -> Result<()> {
        let path = self.site.join("builds.json");
        let mut builds: Vec<Build> = fs::read(&path)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default();
        builds.retain(|known| known.build != build);
        builds.insert(
            0,
            Build {
                build: build.to_owned(),
                files: self.names.clone(),
            },
        );
        builds.truncate(BUILDS_KEPT);
        replace(&path, &serde_json::to_vec_pretty(&builds)?)?;
        for entry in fs::read_dir(self.site.join("assets"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let original = name.strip_suffix(".br").unwrap_or(&name);
            if !builds
                .iter()
                .any(|build| build.files.iter().any(|file| file == original))
            {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// The first `digits` hex digits.
pub(crate) fn hex(bytes: &[u8], digits: usize) -> String {
    let mut text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text.truncate(digits);
    text
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let draft = path.with_added_extension("draft");
    File::create(&draft)?.write_all(bytes)?;
    fs::rename(&draft, path).with_context(|| format!("{} cannot be written", path.display()))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests;
