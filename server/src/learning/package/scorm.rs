//! `imsmanifest.xml` of SCORM 1.2 and 2004: an item that opens something is a lesson, an item with items is a module.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use super::{
    Archive, Kind, Unit,
    fault::PackageFault,
    manifest::{
        Found, Part, Structure, attribute, children, file, loose, minutes, page, text, text_of,
    },
    said,
};
use crate::learning::format::Fault;

/// Problems that are told at once.
const MOST_FAULTS: usize = 20;
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What can be opened.
struct Resource<'a, 'd> {
    node: Node<'a, 'd>,
    /// Where its addresses begin.
    base: String,
}

struct Reading<'a, 'd> {
    archive: &'a Archive,
    resources: BTreeMap<&'a str, Resource<'a, 'd>>,
    faults: Vec<Fault>,
}

/// Reads the manifest.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(document: &Document<'_>, archive: &Archive) -> Result<Structure, Vec<Fault>> {
    let root = document.root_element();
    let kind = kind(root).map_err(|it| vec![it.into()])?;
    let mut reading = Reading {
        archive,
        resources: BTreeMap::new(),
        faults: Vec::new(),
    };
    reading.resources(root);
    let organization =
        organization(root).ok_or_else(|| vec![PackageFault::NothingToOpen.into()])?;
    let mut parts = Vec::new();
    for item in children(organization, "item") {
        if children(item, "item").next().is_none() {
            let found = reading.lesson(item);
            loose(&mut parts).extend(found);
            continue;
        }
        let mut lessons = Vec::new();
        let items = item.descendants();
        for it in items.filter(|it| it.is_element() && it.tag_name().name() == "item") {
            lessons.extend(reading.lesson(it));
        }
        let title = text_of(item, "title").as_deref().and_then(said);
        parts.push(Part { title, lessons });
    }
    parts.retain(|it| !it.lessons.is_empty());
    reading.faults.truncate(MOST_FAULTS);
    if !reading.faults.is_empty() {
        return Err(reading.faults);
    }
    let identifier = attribute(root, "identifier").unwrap_or_default();
    let title = text_of(organization, "title");
    let title = title.as_deref().and_then(said).or_else(|| said(identifier));
    // With one item that says how long it takes, so does the whole; with several, the whole is not shared out.
    if let [Part { lessons, .. }] = &mut *parts
        && let [only] = &mut **lessons
        && only.minutes.is_none()
    {
        only.minutes = children(root, "metadata").find_map(typical);
    }
    Ok(Structure {
        kind,
        title: title.ok_or_else(|| {
            let field = "title";
            vec![Fault::Words { field, most: 200 }]
        })?,
        parts,
    })
}

/// The version that the manifest names, or whose words it uses.
fn kind(root: Node<'_, '_>) -> Result<Kind, PackageFault> {
    let mut metadata = children(root, "metadata");
    let version = metadata.find_map(|it| text_of(it, "schemaversion"));
    let version = version.unwrap_or_default();
    match version.trim_start_matches("CAM ") {
        "1.2" => return Ok(Kind::Scorm12),
        it if it.starts_with("2004") || it == "1.3" => return Ok(Kind::Scorm2004),
        "" => {}
        _ => return Err(PackageFault::OtherVersion(version)),
    }
    let uses = |name: &str| root.namespaces().any(|it| it.uri().contains(name));
    if uses("adlcp_rootv1p2") || uses("imscp_rootv1p1p2") {
        Ok(Kind::Scorm12)
    } else if uses("adlcp_v1p3") {
        Ok(Kind::Scorm2004)
    } else {
        Err(PackageFault::OtherVersion("?".to_owned()))
    }
}

/// The organization that is meant, or the first.
fn organization<'a, 'd>(root: Node<'a, 'd>) -> Option<Node<'a, 'd>> {
    let all = children(root, "organizations").next()?;
    let default = attribute(all, "default");
    let meant = children(all, "organization").find(|it| attribute(*it, "identifier") == default);
    meant.or_else(|| children(all, "organization").next())
}

impl<'a, 'd> Reading<'a, 'd> {
    /// Gathers what can be opened; every file that is named must be there.
    fn resources(&mut self, root: Node<'a, 'd>) {
        let base = |it: Node<'a, 'd>| it.attribute((XML, "base")).unwrap_or("");
        for all in children(root, "resources") {
            for node in children(all, "resource") {
                let base = [base(root), base(all), base(node)].concat();
                let files = children(node, "file").filter_map(|it| attribute(it, "href"));
                for address in files.chain(attribute(node, "href")) {
                    let known = file(self.archive, &[&base, address].concat());
                    let fault = known.err().filter(|it| !self.faults.contains(it));
                    self.faults.extend(fault);
                }
                if let Some(id) = attribute(node, "identifier") {
                    self.resources.insert(id, Resource { node, base });
                }
            }
        }
    }

    /// The lesson that an item is, if it opens something.
    fn lesson(&mut self, item: Node<'a, 'd>) -> Option<Found> {
        let resource = self.resources.get(attribute(item, "identifierref")?)?;
        let href = attribute(resource.node, "href")?;
        let address = [&resource.base, href].concat();
        let parameters = attribute(item, "parameters").unwrap_or_default();
        let opened = page(self.archive, &with_parameters(&address, parameters));
        let length = children(item, "metadata").find_map(typical);
        let length = length.or_else(|| children(resource.node, "metadata").find_map(typical));
        let (path, query) = match opened {
            Ok(it) => it,
            Err(fault) => {
                if !self.faults.contains(&fault) {
                    self.faults.push(fault);
                }
                return None;
            }
        };
        let name = attribute(item, "identifier").unwrap_or_default();
        let title = text_of(item, "title");
        let title = title.as_deref().and_then(said).or_else(|| said(name))?;
        Some(Found {
            name: name.to_owned(),
            title,
            minutes: length,
            unit: Unit {
                path,
                query,
                launch_data: text_of(item, "datafromlms")
                    .or_else(|| text_of(item, "dataFromLMS"))
                    .unwrap_or_default(),
                mastery: mastery(item),
                au: None,
            },
        })
    }
}

/// As the specification puts the parameters of an item behind an address.
fn with_parameters(address: &str, parameters: &str) -> String {
    let plain = parameters.trim_start_matches(['?', '&']);
    match plain {
        "" => address.to_owned(),
        it if it.starts_with('#') => [address, it].concat(),
        it if address.contains('?') => [address, "&", it].concat(),
        it => [address, "?", it].concat(),
    }
}

/// The score to pass: `adlcp:masteryscore` in 1.2, the measure of the primary objective in 2004.
fn mastery(item: Node<'_, '_>) -> Option<f64> {
    let old = text_of(item, "masteryscore").and_then(|it| it.parse().ok());
    let new = || {
        let sequencing = children(item, "sequencing").next()?;
        let objectives = children(sequencing, "objectives").next()?;
        let primary = children(objectives, "primaryObjective").next()?;
        if attribute(primary, "satisfiedByMeasure") != Some("true") {
            return None;
        }
        let measure = text_of(primary, "minNormalizedMeasure");
        measure.map_or(Some(1.0), |it| it.parse().ok())
    };
    old.or_else(new)
}

/// How long it takes, as its metadata say: `typicallearningtime` in 1.2, `typicalLearningTime` in 2004.
fn typical(metadata: Node<'_, '_>) -> Option<u16> {
    let named = |it: &Node<'_, '_>| {
        it.tag_name()
            .name()
            .eq_ignore_ascii_case("typicallearningtime")
    };
    let found = metadata.descendants().find(named)?;
    let text: String = found.descendants().filter_map(text).collect();
    text.split_whitespace().find_map(minutes)
}
