//! A lesson's file: its facts between `+++`, then its text, in two languages; and the page that is drawn of them.

use std::collections::BTreeSet;

use domain::{
    learning::File,
    text::{HttpsLink, Said, Short},
};
use serde::Deserialize;

use super::{
    Fault, Reading, media,
    text::{self, Part, escaped},
};

/// Bytes of a lesson's page in one language. It travels compressed: about a quarter of it.
const MOST_BYTES: usize = 64 << 10;

/// A lesson as it was read.
pub(super) struct Read {
    pub(super) title: Said<Short>,
    pub(super) minutes: u16,
    pub(super) pages: Said<String>,
    pub(super) media: BTreeSet<File>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    #[serde(default)]
    minutes: u16,
    #[serde(default)]
    sources: Vec<String>,
    video: Option<String>,
    captions: Option<String>,
    audio: Option<String>,
}

/// A video and what replaces it.
struct Video {
    file: File,
    captions: Option<File>,
    audio: Option<File>,
}

/// Reads a lesson of this name.
pub(super) fn read(reading: &mut Reading<'_>, name: &str) -> Option<Read> {
    let (path, path_en) = (format!("{name}.md"), format!("{name}.en.md"));
    let (front, ja) = open(reading, &path)?;
    if !(1..=60).contains(&front.minutes) {
        reading.wrong(&path, Fault::Minutes);
    }
    let mut media = BTreeSet::new();
    let parts = text::read(reading, &path, &ja, &mut media);
    let video = video(reading, &path, &front, &mut media);
    let mut title_en = None;
    let mut en = None;
    if reading.folder.contains_key(&path_en) {
        let (front_en, text_en) = open(reading, &path_en)?;
        let parts_en = text::read(reading, &path_en, &text_en, &mut media);
        if let Some(id) = unlike(&parts, &parts_en) {
            reading.wrong(&path_en, Fault::Unlike(id));
        }
        title_en = Some(front_en.title);
        en = Some(page(&parts_en, video.as_ref(), &front.sources, true));
    }
    let title = reading.said(&path, "title", &front.title, title_en.as_deref())?;
    let ja = page(&parts, video.as_ref(), &front.sources, false);
    if ja.len().max(en.as_ref().map_or(0, String::len)) > MOST_BYTES {
        reading.wrong(&path, Fault::TextLong(MOST_BYTES >> 10));
    }
    Some(Read {
        title,
        minutes: front.minutes,
        pages: Said { ja, en },
        media,
    })
}

/// The facts of a lesson and its text.
fn open(reading: &mut Reading<'_>, path: &str) -> Option<(Front, String)> {
    let text = reading.text(path)?;
    let parts = text
        .strip_prefix("+++\n")
        .and_then(|it| it.split_once("\n+++\n"));
    let Some((front, text)) = parts else {
        reading.wrong(path, Fault::NoFront);
        return None;
    };
    Some((reading.toml(path, front)?, text.to_owned()))
}

fn video(
    reading: &mut Reading<'_>,
    path: &str,
    front: &Front,
    media: &mut BTreeSet<File>,
) -> Option<Video> {
    let mut file = |named: &Option<String>, kinds| {
        let found = media::file(reading, path, named.as_deref()?, kinds)?;
        media.insert(found.clone());
        Some(found)
    };
    Some(Video {
        captions: file(&front.captions, media::CAPTIONS),
        audio: file(&front.audio, media::SOUND),
        file: file(&front.video, media::VIDEO)?,
    })
}

/// A lesson's page. Each part can be found by its place, so that a phone knows how far somebody is.
fn page(parts: &[Part], video: Option<&Video>, sources: &[String], is_en: bool) -> String {
    let mut out = video.map_or_else(String::new, |it| drawn(it, is_en));
    for (at, part) in parts.iter().enumerate() {
        let inside = match part {
            Part::Text(html) => format!("<div class=\"lesson-text\">{html}</div>"),
            Part::Quiz(quiz) => quiz.draw(is_en),
        };
        out += &format!(
            "<div class=\"lesson-part\" id=\"part-{at}\" data-part=\"{at}\">{inside}</div>"
        );
    }
    out + &sources_of(sources, is_en)
}

/// Where its facts come from, folded.
pub(super) fn sources_of(sources: &[String], is_en: bool) -> String {
    if sources.is_empty() {
        return String::new();
    }
    let name = if is_en { "Sources" } else { "出典" };
    let lines: String = sources.iter().map(|it| source(it)).collect();
    format!(
        "<details class=\"more\"><summary>{name}</summary><ul class=\"list\">{lines}</ul></details>"
    )
}

/// The video, and the same to hear. The text below says all of it, too.
fn drawn(it: &Video, is_en: bool) -> String {
    let (listen, note) = if is_en {
        (
            "Listen instead",
            "You need not watch: the text below says all of it.",
        )
    } else {
        (
            "音声だけで聞く",
            "動画を見なくても、下の文章だけで分かります。",
        )
    };
    let captions = it.captions.as_ref().map_or_else(String::new, |it| {
        format!(
            "<track kind=\"captions\" srclang=\"ja\" src=\"{}\" default>",
            it.path()
        )
    });
    let audio = it.audio.as_ref().map_or_else(String::new, |it| {
        format!(
            "<details class=\"more\"><summary>{listen}</summary><audio controls preload=\"none\" src=\"{}\"></audio></details>",
            it.path()
        )
    });
    format!(
        "<div class=\"stack\"><video class=\"lesson-video\" controls playsinline preload=\"metadata\" src=\"{}\">{captions}</video>\
         {audio}<p class=\"note\">{note}</p></div>",
        it.file.path()
    )
}

/// What is said of a source, with the address in it as a link.
fn source(text: &str) -> String {
    let link = text.find("https://").and_then(|at| {
        let address = text[at..].split_whitespace().next()?;
        HttpsLink::new(address).ok()
    });
    match link {
        Some(link) => {
            let words = text.replace(&*link, "");
            format!(
                "<li><a href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\">{}</a></li>",
                escaped(&link),
                escaped(words.trim())
            )
        }
        None => format!("<li>{}</li>", escaped(text)),
    }
}

/// A question that the two languages do not share.
fn unlike(ja: &[Part], en: &[Part]) -> Option<String> {
    let asked = |parts: &[Part]| -> Vec<(String, String)> {
        let quizzes = parts.iter().filter_map(|it| match it {
            Part::Quiz(quiz) => Some(quiz),
            Part::Text(_) => None,
        });
        quizzes.map(|it| (it.id.clone(), it.shape())).collect()
    };
    let (ja, en) = (asked(ja), asked(en));
    let differs = |one: &[(String, String)], two: &[(String, String)]| {
        one.iter()
            .find(|it| !two.contains(it))
            .map(|it| it.0.clone())
    };
    differs(&ja, &en).or_else(|| differs(&en, &ja))
}
