//! What the manifests of both formats share: texts, addresses of files, times.

use domain::text::{Said, Short};
use roxmltree::Node;

use super::{Archive, Kind, Unit, fault::PackageFault, kind_of};
use crate::{config, learning::format::Fault};

/// What a manifest says.
pub(super) struct Structure {
    pub(super) kind: Kind,
    pub(super) title: Said<Short>,
    pub(super) parts: Vec<Part>,
}

/// What becomes a module. Without a title of its own it has that of the package.
#[derive(Default)]
pub(super) struct Part {
    pub(super) title: Option<Said<Short>>,
    pub(super) lessons: Vec<Found>,
}

/// What becomes a lesson.
pub(super) struct Found {
    /// What the package calls it: it stays when the package is imported again.
    pub(super) name: String,
    pub(super) title: Said<Short>,
    pub(super) minutes: Option<u16>,
    pub(super) unit: Unit,
}

/// Lessons that stand alone are gathered into parts without a title, where they stand.
pub(super) fn loose(parts: &mut Vec<Part>) -> &mut Vec<Found> {
    if parts.last().is_none_or(|it| it.title.is_some()) {
        parts.push(Part::default());
    }
    let at = parts.len() - 1;
    &mut parts[at].lessons
}

/// The text of a manifest: UTF-8, or what its first bytes or its first line say.
pub(super) fn decoded(bytes: &[u8]) -> Option<String> {
    let named = || {
        let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned();
        let line = head.strip_prefix("<?xml")?.split("?>").next()?;
        let label = line.split_once("encoding=")?.1;
        let label = label.trim_start_matches(['"', '\'']);
        let label = label.split(['"', '\'']).next()?;
        encoding_rs::Encoding::for_label(label.as_bytes())
    };
    let encoding = named().unwrap_or(encoding_rs::UTF_8);
    let (text, _, is_damaged) = encoding.decode(bytes);
    (!is_damaged).then(|| text.into_owned())
}

/// Elements of this name right below. Namespaces differ between editions, names do not.
pub(super) fn children<'a, 'd>(
    of: Node<'a, 'd>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'd>> {
    of.children()
        .filter(move |it| it.is_element() && it.tag_name().name() == name)
}

/// The text of the first element of this name right below.
pub(super) fn text_of(of: Node<'_, '_>, name: &str) -> Option<String> {
    let mut found = children(of, name);
    let text: String = found.next()?.descendants().filter_map(text).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The text that a node is.
pub(super) fn text<'a>(it: Node<'a, '_>) -> Option<&'a str> {
    it.is_text().then(|| it.text()).flatten()
}

/// An attribute, whatever its namespace and its capitals are: editions differ in both.
pub(super) fn attribute<'a>(of: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let mut all = of.attributes();
    let found = all.find(|it| it.name().eq_ignore_ascii_case(name))?;
    Some(found.value().trim())
}

/// The file that an address in a manifest names, and what stands behind it.
///
/// # Errors
/// When it is no file in the package.
pub(super) fn file(archive: &Archive, address: &str) -> Result<(String, String), Fault> {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, query) = address.split_at(end);
    let is_elsewhere = path.starts_with("//")
        || path.split_once(':').is_some_and(|(scheme, _)| {
            let is_fine = |it: char| it.is_ascii_alphanumeric() || "+-.".contains(it);
            scheme.chars().all(is_fine)
        });
    if is_elsewhere {
        return Err(PackageFault::ReachesOut(address.to_owned()).into());
    }
    let outside = || Fault::from(PackageFault::Outside(address.to_owned()));
    let path = config::decoded(path).map_err(|_| outside())?;
    let mut parts: Vec<&str> = Vec::new();
    if path.starts_with(['/', '\\']) {
        return Err(outside());
    }
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop().ok_or_else(outside)?),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if !archive.has(&path) {
        return Err(Fault::NoFile(path));
    }
    Ok((path, query.to_owned()))
}

/// As [`file()`], for what is opened: a page.
///
/// # Errors
/// When it is none.
pub(super) fn page(archive: &Archive, address: &str) -> Result<(String, String), Fault> {
    let (path, query) = file(archive, address)?;
    match kind_of(&path) {
        Some("text/html" | "application/xhtml+xml") => Ok((path, query)),
        _ => Err(PackageFault::NotAPage(path).into()),
    }
}

/// Minutes of `PT1H30M`, `01:30:00` or `0000-00-00T01:30:00`, at least one; nothing for what is none of these.
pub(super) fn minutes(time: &str) -> Option<u16> {
    let seconds = match time.strip_prefix('P') {
        Some(period) => {
            let (mut seconds, mut number) = (0.0, String::new());
            let (days, hours) = period.split_once('T').unwrap_or((period, ""));
            for (part, units) in [(days, [('D', 86_400.0); 3]), (hours, HOURS)] {
                for it in part.chars() {
                    if it.is_ascii_digit() || it == '.' {
                        number.push(it);
                        continue;
                    }
                    let of = units.iter().find(|unit| unit.0 == it)?.1;
                    seconds += number.parse::<f64>().ok()? * of;
                    number.clear();
                }
            }
            seconds
        }
        None => {
            let clock = time.rsplit_once('T').map_or(time, |it| it.1);
            let parts: Vec<f64> = clock.split(':').map_while(|it| it.parse().ok()).collect();
            let &[hours, minutes, seconds] = &*parts else {
                return None;
            };
            hours * 3_600.0 + minutes * 60.0 + seconds
        }
    };
    // A day of learning is more than anybody plans for a lesson.
    let whole = (1..=480_u16).find(|it| f64::from(*it) * 60.0 >= seconds);
    (seconds > 0.0).then_some(whole.unwrap_or(480))
}

const HOURS: [(char, f64); 3] = [('H', 3_600.0), ('M', 60.0), ('S', 1.0)];
