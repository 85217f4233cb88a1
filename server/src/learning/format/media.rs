//! Pictures, sound, video and captions of a course: each is what its name says.

use domain::learning::File;

use super::{Fault, Reading};

/// Bytes of the largest file: a video of a few minutes.
pub(super) const MOST_BYTES: usize = 64 << 20;
/// The longer side of a picture, in pixels.
const MOST_PIXELS: usize = 4_096;

pub(super) const PICTURES: &[&str] = &["png", "jpg", "webp"];
pub(super) const VIDEO: &[&str] = &["mp4", "webm"];
pub(super) const SOUND: &[&str] = &["m4a", "mp3"];
pub(super) const CAPTIONS: &[&str] = &["vtt"];

/// What a browser is told that a file is. `None` for what is not of a lesson.
pub(crate) fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        // A lesson's page is a part of ours; by itself it is a text.
        "html" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "m4a" => "audio/mp4",
        "mp3" => "audio/mpeg",
        "vtt" => "text/vtt; charset=utf-8",
        _ => return None,
    })
}

/// Bytes of what is no sound and no video; each file once.
pub(super) fn light<'a>(files: impl Iterator<Item = &'a File>) -> u64 {
    let heavy = |it: &&File| {
        VIDEO
            .iter()
            .chain(SOUND)
            .any(|kind| it.name.ends_with(kind))
    };
    let files: std::collections::BTreeSet<_> = files.filter(|it| !heavy(it)).collect();
    files.iter().map(|it| it.bytes).sum()
}

/// A file that a lesson names, of one of these kinds.
pub(super) fn file(
    reading: &mut Reading<'_>,
    path: &str,
    named: &str,
    kinds: &[&str],
) -> Option<File> {
    let extension = named.rsplit_once('.').map_or("", |it| it.1);
    let extension = if extension == "jpeg" {
        "jpg"
    } else {
        extension
    };
    let Some(bytes) = reading.folder.get(named) else {
        reading.wrong(path, Fault::NoFile(named.to_owned()));
        return None;
    };
    if bytes.len() > MOST_BYTES {
        reading.wrong(path, Fault::FileLarge(named.to_owned()));
        return None;
    }
    if !kinds.contains(&extension) || !is(extension, bytes) {
        reading.wrong(path, Fault::BadFile(named.to_owned()));
        return None;
    }
    let bytes = bytes.clone();
    Some(reading.keep(extension, bytes))
}

/// Is this a picture, sound, video or captions, as its name says?
pub(crate) fn is_media(name: &str, bytes: &[u8]) -> bool {
    let extension = name.rsplit_once('.').map_or("", |it| it.1);
    bytes.len() <= MOST_BYTES && is(extension, bytes)
}

/// Width and height of a picture.
pub(super) fn size(bytes: &[u8]) -> Option<(usize, usize)> {
    let size = imagesize::blob_size(bytes).ok()?;
    (size.width.max(size.height) <= MOST_PIXELS).then_some((size.width, size.height))
}

/// Do these bytes begin as such a file does?
fn is(extension: &str, bytes: &[u8]) -> bool {
    use imagesize::ImageType;
    let picture = || imagesize::image_type(bytes).ok();
    match extension {
        "png" => picture() == Some(ImageType::Png) && size(bytes).is_some(),
        "jpg" => picture() == Some(ImageType::Jpeg) && size(bytes).is_some(),
        "webp" => picture() == Some(ImageType::Webp) && size(bytes).is_some(),
        "mp4" | "m4a" => bytes.get(4..8) == Some(b"ftyp"),
        "webm" => bytes.starts_with(&[0x1A, 0x45, 0xDF, 0xA3]),
        "mp3" => {
            bytes.starts_with(b"ID3")
                || matches!(bytes, [0xFF, second, ..] if second & 0xE0 == 0xE0)
        }
        "vtt" => bytes.starts_with(b"WEBVTT") || bytes.starts_with("\u{FEFF}WEBVTT".as_bytes()),
        _ => false,
    }
}
