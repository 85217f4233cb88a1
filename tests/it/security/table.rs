//! What is written about security is whole and speaks of tests that exist.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use tests::folder::root;

/// The sections of ASVS 5.0.0 and how many requirements of levels 1 and 2 each has; they are numbered from one.
const SECTIONS: &[(&str, u32)] = &[
    ("1.1", 2),
    ("1.2", 9),
    ("1.3", 11),
    ("1.4", 3),
    ("1.5", 2),
    ("2.1", 3),
    ("2.2", 3),
    ("2.3", 4),
    ("2.4", 1),
    ("3.2", 2),
    ("3.3", 4),
    ("3.4", 6),
    ("3.5", 5),
    ("3.7", 2),
    ("4.1", 3),
    ("4.2", 1),
    ("4.3", 2),
    ("4.4", 4),
    ("5.1", 1),
    ("5.2", 3),
    ("5.3", 2),
    ("5.4", 3),
    ("6.1", 3),
    ("6.2", 12),
    ("6.3", 4),
    ("6.4", 4),
    ("6.5", 5),
    ("6.6", 3),
    ("6.8", 4),
    ("7.1", 3),
    ("7.2", 4),
    ("7.3", 2),
    ("7.4", 5),
    ("7.5", 2),
    ("7.6", 2),
    ("8.1", 2),
    ("8.2", 3),
    ("8.3", 1),
    ("8.4", 1),
    ("9.1", 3),
    ("9.2", 4),
    ("10.1", 2),
    ("10.2", 2),
    ("10.3", 4),
    ("10.4", 11),
    ("10.5", 5),
    ("10.6", 2),
    ("10.7", 3),
    ("11.1", 2),
    ("11.2", 3),
    ("11.3", 3),
    ("11.4", 4),
    ("11.5", 1),
    ("11.6", 1),
    ("12.1", 3),
    ("12.2", 2),
    ("12.3", 4),
    ("13.1", 1),
    ("13.2", 5),
    ("13.3", 2),
    ("13.4", 5),
    ("14.1", 2),
    ("14.2", 4),
    ("14.3", 3),
    ("15.1", 3),
    ("15.2", 3),
    ("15.3", 7),
    ("16.1", 1),
    ("16.2", 5),
    ("16.3", 4),
    ("16.4", 3),
    ("16.5", 3),
    ("17.1", 1),
    ("17.2", 4),
    ("17.3", 2),
];

fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

fn sources_of(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&root().join(folder), &mut found);
    found
}

/// `1.2.6 – 1.2.8, 1.3.1` as its numbers.
fn numbers(text: &str) -> Vec<String> {
    let last = |it: &str| {
        it.rsplit_once('.')
            .map(|it| (it.0.to_owned(), it.1.parse::<u32>().unwrap()))
            .unwrap()
    };
    text.split(", ")
        .flat_map(|part| {
            let (from, to) = part.split_once(" – ").unwrap_or((part, part));
            let ((section, from), (_, to)) = (last(from), last(to));
            (from..=to)
                .map(move |it| format!("{section}.{it}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Each row of the standard once, each test by the name it has.
#[test]
fn every_row_and_every_test_is_there() {
    let table = fs::read_to_string(root().join(".security/asvs.md")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|it| it.starts_with("| ") && !it.starts_with("| row"))
        .map(|it| it.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let told: Vec<String> = rows.iter().flat_map(|it| numbers(it[0])).collect();
    let all: BTreeSet<String> = SECTIONS
        .iter()
        .flat_map(|(section, count)| (1..=*count).map(move |it| format!("{section}.{it}")))
        .collect();
    assert_eq!(all.len(), 253);
    assert_eq!(told.len(), 253, "a row is there twice");
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), all);
    for row in &rows {
        assert!(["yes", "partly", "no", "n/a"].contains(&row[2]), "{row:?}");
    }
    let mut code = sources_of("tests");
    code.extend(sources_of("server/src"));
    let threats = fs::read_to_string(root().join(".security/threat-model.md")).unwrap();
    let of_rows = rows
        .iter()
        .filter_map(|it| it.get(4))
        .flat_map(|it| it.split('`').skip(1).step_by(2));
    let of_threats = threats
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|it| it.contains("::"));
    for name in of_rows.chain(of_threats) {
        let function = name
            .rsplit(['/', ' '])
            .next()
            .unwrap()
            .rsplit("::")
            .next()
            .unwrap();
        let is_there = function == "*"
            || code
                .iter()
                .any(|it| it.1.contains(&format!("fn {function}(")));
        assert!(is_there, "no test is called {name}");
    }
}

/// The list of routes is read from the sources, line by line: so every route must be written in the one way it reads.
#[test]
fn every_route_is_in_the_list() {
    let mut routes = 0;
    for (path, text) in sources_of("server/src") {
        for odd in [
            ".nest(",
            ".nest_service(",
            ".route_service(",
            ".fallback_service(",
            ".method_not_allowed_fallback(",
            "routing::any",
            "routing::put",
            "routing::patch",
            "routing::delete",
            "MethodRouter",
            "MethodFilter",
        ] {
            assert!(!text.contains(odd), "{}: {odd}", path.display());
        }
        for part in text.split(".route(").skip(1) {
            assert!(
                part.trim_start().starts_with("\"/"),
                "{}: {}",
                path.display(),
                &part[..part.len().min(60)]
            );
            routes += 1;
        }
    }
    let paths: BTreeSet<String> = crate::routes::all().into_iter().map(|it| it.path).collect();
    assert!(
        routes > 25 && paths.len() > routes,
        "{routes} routes, {} paths with the pages",
        paths.len()
    );
}
