//! Where a course's files come from: a folder, a ZIP of one, or what comes with the program. Nothing outside is read, nothing
//! is unpacked to the disk, and there is an end to what is read.

use std::{
    io::{Cursor, Read as _, Write as _},
    path::{Component, Path},
};

use anyhow::Result;
use include_dir::{Dir, include_dir};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::format::{Fault, Folder};

/// Files of one course.
const MOST_FILES: usize = 2_000;
/// Bytes of one course.
pub(crate) const MOST_BYTES: u64 = 200 << 20;

/// The courses that come with the program.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/courses");

/// Names of the courses that come with the program, in the order in which they are offered.
pub(crate) const SHIPPED_NAMES: [&str; 8] = [
    "manners",
    "mail",
    "calls",
    "rules",
    "money",
    "health",
    "boki-3",
    "it-passport",
];

/// A course that comes with the program.
pub(crate) fn shipped(name: &str) -> Option<Folder> {
    fn gather(dir: &Dir<'_>, root: &Path, folder: &mut Folder) {
        for file in dir.files() {
            if let Some(path) = file.path().strip_prefix(root).ok().and_then(path_of) {
                folder.insert(path, file.contents().to_vec());
            }
        }
        dir.dirs().for_each(|it| gather(it, root, folder));
    }
    let dir = SHIPPED.get_dir(name)?;
    let mut folder = Folder::new();
    gather(dir, dir.path(), &mut folder);
    Some(folder)
}

/// A folder of the disk, and its name.
///
/// # Errors
/// When it is none, or holds more than a course.
pub(crate) fn of_disk(path: &Path) -> std::result::Result<(String, Folder), Fault> {
    fn gather(
        dir: &Path,
        root: &Path,
        room: &mut Room,
        folder: &mut Folder,
    ) -> std::result::Result<(), Fault> {
        for entry in std::fs::read_dir(dir).map_err(|_| Fault::NotAFolder)? {
            let entry = entry.map_err(|_| Fault::NotAFolder)?;
            let kind = entry.file_type().map_err(|_| Fault::NotAFolder)?;
            let path = entry.path();
            let Some(name) = path.strip_prefix(root).ok().and_then(path_of) else {
                continue;
            };
            if kind.is_symlink() {
                return Err(Fault::Outside);
            }
            if kind.is_dir() {
                gather(&path, root, room, folder)?;
            } else {
                let file = std::fs::File::open(&path).map_err(|_| Fault::NotAFolder)?;
                folder.insert(name, room.read(file)?);
            }
        }
        Ok(())
    }
    let path = path.canonicalize().map_err(|_| Fault::NotAFolder)?;
    let name = path.file_name().and_then(|it| it.to_str());
    let name = name.unwrap_or_default().to_owned();
    let mut folder = Folder::new();
    gather(&path, &path, &mut Room::default(), &mut folder)?;
    Ok((name, folder))
}

/// A ZIP of a folder. Its name is the folder's in it, or else that of the ZIP.
///
/// # Errors
/// When it is none, leads outside, or holds more than a course.
pub(crate) fn of_zip(name: &str, bytes: &[u8]) -> std::result::Result<(String, Folder), Fault> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::NotAFolder)?;
    let mut room = Room::default();
    let mut folder = Folder::new();
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(|_| Fault::NotAFolder)?;
        if entry.is_symlink() {
            return Err(Fault::Outside);
        }
        if entry.is_dir() {
            continue;
        }
        let path = entry.enclosed_name().ok_or(Fault::Outside)?;
        if let Some(path) = path_of(&path) {
            folder.insert(path, room.read(entry)?);
        }
    }
    let top = folder
        .keys()
        .find_map(|it| it.strip_suffix("/course.toml").map(str::to_owned));
    match top {
        Some(top) if !folder.contains_key("course.toml") => {
            let inside = format!("{top}/");
            let folder = folder
                .into_iter()
                .filter_map(|(path, bytes)| Some((path.strip_prefix(&inside)?.to_owned(), bytes)));
            let name = top.rsplit('/').next().unwrap_or(&top).to_owned();
            Ok((name, folder.collect()))
        }
        _ => Ok((name.to_owned(), folder)),
    }
}

/// A ZIP of a folder of this name.
///
/// # Errors
/// When it would be too large.
pub(crate) fn to_zip(name: &str, folder: &Folder) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in folder {
        zip.start_file(format!("{name}/{path}"), SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A path with `/` between its parts; nothing for what is hidden, and for what other systems leave behind.
pub(super) fn path_of(path: &Path) -> Option<String> {
    let part = |it: Component<'_>| match it {
        Component::Normal(name) => name.to_str().map(str::to_owned),
        _ => None,
    };
    let parts: Vec<_> = path.components().map(part).collect::<Option<_>>()?;
    let is_hidden = |it: &String| it.starts_with('.') || it == "__MACOSX";
    (!parts.iter().any(is_hidden)).then(|| parts.join("/"))
}

/// How much may still be read.
struct Room {
    files: usize,
    bytes: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            files: MOST_FILES,
            bytes: MOST_BYTES,
        }
    }
}

impl Room {
    /// Reads a file, whatever size it says it has.
    fn read(&mut self, from: impl std::io::Read) -> std::result::Result<Vec<u8>, Fault> {
        self.files = self.files.checked_sub(1).ok_or(Fault::TooMuch)?;
        let mut bytes = Vec::new();
        from.take(self.bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| Fault::NotAFolder)?;
        self.bytes = self
            .bytes
            .checked_sub(bytes.len() as u64)
            .ok_or(Fault::TooMuch)?;
        Ok(bytes)
    }
}
