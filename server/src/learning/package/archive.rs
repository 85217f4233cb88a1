//! The ZIP of a package. Nothing is unpacked to the disk, one file at a time is in memory, and there is an end to what is read.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use zip::ZipArchive;

use super::fault::PackageFault;
use crate::learning::{folder, format::Fault};

/// Files of one package.
const MOST_FILES: usize = 3_000;
/// Bytes of one package, unpacked.
const MOST_BYTES: u64 = 200 << 20;
/// Bytes of one file.
const MOST_FILE: u64 = 64 << 20;

/// The manifest of SCORM.
pub(super) const SCORM: &str = "imsmanifest.xml";
/// The manifest of cmi5.
pub(super) const CMI5: &str = "cmi5.xml";

/// A package that is not unpacked.
pub(crate) struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// Places of its files, by their paths.
    entries: BTreeMap<String, usize>,
}

/// What a ZIP holds.
pub(crate) enum Opened {
    /// A package.
    Package(Archive),
    /// Something else; the ZIP as it came.
    Other(Vec<u8>),
}

impl Archive {
    /// Opens a ZIP.
    ///
    /// # Errors
    /// When it is none; when it is a package that leads outside, or holds more than a package may.
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Opened, Fault> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::NotAFolder)?;
        let is_manifest = |name: &[u8]| name == SCORM.as_bytes() || name == CMI5.as_bytes();
        if !zip.file_names_raw().any(is_manifest) {
            return Ok(Opened::Other(zip.into_inner().into_inner()));
        }
        if zip.len() > MOST_FILES {
            return Err(PackageFault::TooMuch.into());
        }
        let (mut entries, mut all) = (BTreeMap::new(), 0_u64);
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|_| PackageFault::NotAZip)?;
            let named = entry
                .name()
                .map_err(|_| PackageFault::NotAZip)?
                .into_owned();
            let path = entry.enclosed_name().filter(|_| !entry.is_symlink());
            let path = path.ok_or(PackageFault::Outside(named))?;
            if entry.is_dir() {
                continue;
            }
            all = all.saturating_add(entry.size());
            if all > MOST_BYTES || entry.size() > MOST_FILE {
                return Err(PackageFault::TooMuch.into());
            }
            if let Some(path) = folder::path_of(&path) {
                entries.insert(path, at);
            }
        }
        Ok(Opened::Package(Self { zip, entries }))
    }

    /// The name of its manifest.
    pub(super) fn manifest(&self) -> &'static str {
        if self.has(CMI5) { CMI5 } else { SCORM }
    }

    /// Is there such a file?
    pub(super) fn has(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// Files of kinds that a browser shows.
    pub(super) fn paths(&self) -> Vec<String> {
        let shown = self.entries.keys().filter(|it| kind_of(it).is_some());
        shown.cloned().collect()
    }

    /// A file, whatever size the ZIP says it has.
    pub(super) fn bytes(&mut self, path: &str) -> Result<Vec<u8>, Fault> {
        let at = self.entries.get(path).copied();
        let at = at.ok_or_else(|| Fault::NoFile(path.to_owned()))?;
        let entry = self.zip.by_index(at).map_err(|_| PackageFault::NotAZip)?;
        let most = entry.size();
        let mut bytes = Vec::new();
        entry
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| PackageFault::NotAZip)?;
        // A ZIP that unpacks to more than it says is made to fill machines.
        if bytes.len() as u64 > most {
            return Err(PackageFault::TooMuch.into());
        }
        Ok(bytes)
    }
}

/// What a browser is told that a file of a package is. `None` for what it would not show; such files are left out.
pub(crate) fn kind_of(path: &str) -> Option<&'static str> {
    // Texts without an encoding: what the file itself says of it holds.
    Some(
        match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "html" | "htm" => "text/html",
            "xhtml" => "application/xhtml+xml",
            "js" | "mjs" => "text/javascript",
            "css" => "text/css",
            "json" | "map" => "application/json",
            "xml" => "application/xml",
            "txt" => "text/plain",
            "pdf" => "application/pdf",
            "wasm" => "application/wasm",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "avif" => "image/avif",
            "svg" => "image/svg+xml",
            "ico" | "cur" => "image/x-icon",
            "bmp" => "image/bmp",
            "woff" => "font/woff",
            "woff2" => "font/woff2",
            "ttf" => "font/ttf",
            "otf" => "font/otf",
            "eot" => "application/vnd.ms-fontobject",
            "mp3" => "audio/mpeg",
            "m4a" => "audio/mp4",
            "wav" => "audio/wav",
            "ogg" | "oga" => "audio/ogg",
            "mp4" | "m4v" => "video/mp4",
            "webm" => "video/webm",
            "ogv" => "video/ogg",
            "vtt" => "text/vtt",
            _ => return None,
        },
    )
}
