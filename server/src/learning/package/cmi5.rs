//! `cmi5.xml`: an assignable unit is a lesson, a block is a module.

use domain::text::{Said, Short};
use roxmltree::{Document, Node};

use super::{
    Archive, Au, Kind, MoveOn, Unit,
    fault::PackageFault,
    manifest::{Found, Part, Structure, attribute, children, loose, page, text_of},
    said, short,
};
use crate::learning::format::Fault;

/// Reads the course structure.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(document: &Document<'_>, archive: &Archive) -> Result<Structure, Vec<Fault>> {
    let root = document.root_element();
    let course = children(root, "course").next();
    let course = course.filter(|_| root.tag_name().name() == "courseStructure");
    let course = course.ok_or_else(|| vec![PackageFault::NothingToOpen.into()])?;
    let identifier = attribute(course, "id").unwrap_or_default();
    let (mut parts, mut faults) = (Vec::new(), Vec::new());
    let mut lesson = |au: Node<'_, '_>| match found(au, archive) {
        Ok(it) => Some(it),
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    for it in root.children().filter(Node::is_element) {
        match it.tag_name().name() {
            "au" => loose(&mut parts).extend(lesson(it)),
            "block" => {
                let units = it.descendants();
                let units = units.filter(|it| it.is_element() && it.tag_name().name() == "au");
                parts.push(Part {
                    lessons: units.filter_map(&mut lesson).collect(),
                    title: spoken(it, "title"),
                });
            }
            _ => {}
        }
    }
    parts.retain(|it| !it.lessons.is_empty());
    let title = spoken(course, "title").or_else(|| said(identifier));
    if title.is_none() {
        let field = "title";
        faults.push(Fault::Words { field, most: 200 });
    }
    match title {
        Some(title) if faults.is_empty() => Ok(Structure {
            kind: Kind::Cmi5,
            title,
            parts,
        }),
        _ => Err(faults),
    }
}

fn found(au: Node<'_, '_>, archive: &Archive) -> Result<Found, Fault> {
    let id = attribute(au, "id").unwrap_or_default();
    let address = text_of(au, "url").ok_or(PackageFault::NothingToOpen)?;
    let (path, query) = page(archive, &address)?;
    let move_on = attribute(au, "moveOn").unwrap_or_default();
    Ok(Found {
        name: id.to_owned(),
        title: spoken(au, "title")
            .or_else(|| said(id))
            .ok_or(PackageFault::NothingToOpen)?,
        minutes: None,
        unit: Unit {
            path,
            query,
            launch_data: text_of(au, "launchParameters").unwrap_or_default(),
            mastery: attribute(au, "masteryScore").and_then(|it| it.parse().ok()),
            au: Some(Au {
                id: id.to_owned(),
                move_on: match move_on {
                    "Passed" => MoveOn::Passed,
                    "Completed" => MoveOn::Completed,
                    "CompletedAndPassed" => MoveOn::CompletedAndPassed,
                    "CompletedOrPassed" => MoveOn::CompletedOrPassed,
                    _ => MoveOn::NotApplicable,
                },
                launch_method: attribute(au, "launchMethod")
                    .unwrap_or("AnyWindow")
                    .to_owned(),
                entitlement: text_of(au, "entitlementKey"),
            }),
        },
    })
}

/// A text in several languages: in Japanese, else in the first there is; and in English.
fn spoken(of: Node<'_, '_>, name: &str) -> Option<Said<Short>> {
    let all = children(of, name).next()?;
    let strings: Vec<(&str, String)> = children(all, "langstring")
        .filter_map(|it| {
            let language = attribute(it, "lang").unwrap_or_default();
            Some((language, it.text()?.to_owned()))
        })
        .collect();
    let in_language = |wanted: &str| {
        let found = strings.iter().find(|it| it.0.starts_with(wanted))?;
        short(&found.1)
    };
    let ja = in_language("ja").or_else(|| short(&strings.first()?.1))?;
    let en = in_language("en").filter(|it| *it != ja);
    Some(Said { ja, en })
}
