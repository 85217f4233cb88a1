//! House rules of views and style sheets.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tests::folder::root;

use super::{assert_none, files, is_rust, is_test, lines_where};

#[test]
fn every_style_sheet_is_in_the_list() {
    let list = fs::read_to_string(root().join(".xtask/src/style.rs")).unwrap();
    let sheets: Vec<String> = fs::read_dir(root().join("style"))
        .unwrap()
        .flatten()
        .map(|it| it.file_name().to_string_lossy().into_owned())
        .collect();
    let missing: Vec<_> = sheets
        .iter()
        .filter(|it| it.ends_with(".css") && !list.contains(&format!("\"{it}\"")))
        .cloned()
        .collect();
    assert_none("a style sheet that nobody loads", &missing);
    let twice: Vec<_> = sheets
        .iter()
        .filter(|it| list.matches(&format!("\"{it}\"")).count() > 1)
        .cloned()
        .collect();
    assert_none("a style sheet that is loaded twice", &twice);
}

#[test]
fn style_stands_in_sheets() {
    let is_view = |it: &Path| is_rust(it) && it.starts_with("app/src") && !is_test(it);
    assert_none(
        "no inline style: the policy would drop it",
        &lines_where(is_view, |line| {
            line.contains(" style=") || line.contains("style:")
        }),
    );
    let is_sheet = |it: &Path| it.extension().is_some_and(|it| it == "css");
    assert_none(
        "no !important",
        &lines_where(is_sheet, |line| {
            line.contains("!important") && !line.contains("/*")
        }),
    );
    let colours = lines_where(
        |it| is_sheet(it) && !it.ends_with("tokens.css") && !it.ends_with("print.css"),
        |line| line.contains("oklch(") || line.contains("rgb(") || line.contains(": #"),
    );
    assert_none("colours stand in tokens.css", &colours);
}

#[test]
fn a_textarea_has_no_children() {
    // Children of a textarea are raw text for leptos: what somebody wrote could close it.
    let found: Vec<_> = files()
        .iter()
        .filter(|(path, _)| is_rust(path) && path.starts_with("app/src") && !is_test(path))
        .flat_map(|(path, text)| {
            text.match_indices("<textarea")
                .filter(|(at, _)| {
                    let rest = &text[*at..];
                    let close = rest.find("</textarea>").unwrap_or(0);
                    let opened = rest[..close]
                        .rfind('>')
                        .map_or("", |it| &rest[it + 1..close]);
                    !opened.trim().is_empty()
                })
                .map(|(at, _)| format!("{}:{}", path.display(), text[..at].lines().count()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none(
        "a textarea takes its text by prop:value or inner_html of escaped text, never by children",
        &found,
    );
}

#[test]
fn a_class_is_one_sheets() {
    // Sheets are joined: what one says of a class holds for whoever else calls something so.
    let mut owners: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, text) in files() {
        // On paper everybody's classes look different.
        let is_sheet = path.starts_with("style") && !path.ends_with("print.css");
        if !is_sheet || path.extension().is_none_or(|it| it != "css") {
            continue;
        }
        let selectors = text.lines().filter_map(|it| Some(it.split_once(" {")?.0));
        for class in selectors.flat_map(|it| it.split(", ")).map(str::trim) {
            let is_plain = class.starts_with('.')
                && class[1..]
                    .chars()
                    .all(|it| it.is_ascii_alphanumeric() || "-_".contains(it));
            let of = owners.entry(class.to_owned()).or_default();
            if is_plain && !of.contains(&path) {
                of.push(path.clone());
            }
        }
    }
    let shared: Vec<_> = owners
        .iter()
        .filter(|it| it.1.len() > 1)
        .map(|it| format!("{} {:?}", it.0, it.1))
        .collect();
    assert_none("a class with two sheets", &shared);
}
