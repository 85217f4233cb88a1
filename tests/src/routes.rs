//! The list of all routes, read from the routers' own sources, with the pages beside them.

use std::{fs, path::Path};

use axum::http::Method;

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd)]
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, with the parameters in braces.
    pub path: String,
}

/// The pages that `server::page::fallback` answers; `every_page_has_a_line_in_the_table_of_roles` keeps it whole.
const PAGES: &[&str] = &[
    "/",
    "/booking",
    "/event",
    "/event/{id}",
    "/faq",
    "/learn",
    "/learn/{id}",
    "/learn/{id}/{id}",
    "/learn/{id}/{id}/play",
    "/staff/courses",
    "/staff/events",
    "/staff/events/new",
    "/staff/events/{id}",
    "/staff/events/{id}/edit",
    "/staff/events/{id}/door",
    "/booking/host/{id}",
    "/booking/{id}",
    "/me",
    "/me/calendar",
    "/me/devices",
    "/me/sights",
    "/me/sync",
    "/staff",
    "/staff/interviews",
    "/staff/interviews/{id}",
    "/staff/people",
    "/staff/people/import",
    "/staff/promises",
    "/staff/settings",
    "/staff/slots",
    "/staff/subsidies",
    "/nowhere",
];

impl Route {
    /// The path with every parameter filled in.
    #[must_use]
    pub fn filled(&self, with: &str) -> String {
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            path.push_str(before);
            path.push_str(with);
            rest = after.split_once('}').map_or("", |it| it.1);
        }
        path + rest
    }
}

/// All routes, in order.
///
/// # Panics
/// When the sources are not there.
#[must_use]
pub fn all() -> Vec<Route> {
    let mut routes: Vec<Route> = PAGES
        .iter()
        .map(|it| Route {
            method: Method::GET,
            path: (*it).to_owned(),
        })
        .collect();
    read(&crate::folder::root().join("server/src"), &mut routes);
    routes.sort_by(|a, b| (&a.path, a.method.as_str()).cmp(&(&b.path, b.method.as_str())));
    routes.dedup();
    routes
}

fn read(folder: &Path, routes: &mut Vec<Route>) {
    for entry in fs::read_dir(folder)
        .expect("the sources can be read")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            read(&path, routes);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for part in text.split(".route(").skip(1) {
            let Some((path, methods)) = part
                .trim_start()
                .strip_prefix('"')
                .and_then(|it| it.split_once('"'))
            else {
                continue;
            };
            let methods = inside(methods);
            for (word, method) in [
                ("get(", Method::GET),
                ("post(", Method::POST),
                ("put(", Method::PUT),
            ] {
                if methods.contains(word) {
                    routes.push(Route {
                        method,
                        path: path.to_owned(),
                    });
                }
            }
        }
    }
}

/// Up to where the parenthesis of `.route(` closes.
fn inside(text: &str) -> &str {
    let mut depth = 0_i32;
    for (at, it) in text.char_indices() {
        match it {
            '(' => depth += 1,
            ')' if depth == 0 => return &text[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    text
}
