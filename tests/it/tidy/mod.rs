//! House rules that no linter knows. Those of what is drawn are in `views`.

mod views;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tests::folder::root;

/// Files that git knows or would know, with their text.
fn files() -> Vec<(PathBuf, String)> {
    let output = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output();
    let listed = output
        .ok()
        .filter(|it| it.status.success())
        .map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    let mut paths: Vec<PathBuf> = match listed {
        Some(listed) => listed.lines().map(PathBuf::from).collect(),
        None => walked(),
    };
    paths.sort();
    paths.dedup();
    paths
        .into_iter()
        .filter_map(|path| {
            fs::read_to_string(root().join(&path))
                .ok()
                .map(|text| (path, text))
        })
        .collect()
}

/// Without git (an archive of the sources): every file that is not made by a build.
fn walked() -> Vec<PathBuf> {
    fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_made = ["target", "node_modules", ".git"]
                .iter()
                .any(|it| path.ends_with(it));
            match path.is_dir() {
                true if !is_made => walk(&path, paths),
                true => {}
                false => paths.extend(path.strip_prefix(root()).map(Path::to_owned)),
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root(), &mut paths);
    paths
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "rs")
}

fn is_test(path: &Path) -> bool {
    path.starts_with("tests")
        || path.components().any(|it| it.as_os_str() == "tests")
        || path.file_name().is_some_and(|it| it == "tests.rs")
}

/// Lines of code: comments do not count as words of the program, nor what is compiled for tests only.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end]
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|it| !it.1.trim_start().starts_with("//"))
}

fn assert_none(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

/// Finds lines that break a rule.
fn lines_where(is_here: impl Fn(&Path) -> bool, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    files()
        .iter()
        .filter(|it| is_here(&it.0))
        .flat_map(|(path, text)| {
            let name = path.display().to_string();
            code(text)
                .filter(|it| is_wrong(it.1))
                .map(move |(at, line)| format!("{name}:{at}: {}", line.trim()))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    let long: Vec<_> = files()
        .iter()
        .filter(|(path, _)| {
            (is_rust(path) && !is_test(path)) || path.extension().is_some_and(|it| it == "css")
        })
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|it| it.1 > 500)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert_none("a file has at most 500 lines", &long);
}

#[test]
fn sql_stands_in_queries_and_db_only() {
    let may = |path: &Path| {
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or("");
        name == "queries.rs" || path.starts_with("server/src/db") || is_test(path)
    };
    let is_sql = |line: &str| {
        let line = line.to_ascii_lowercase();
        [
            "\"select ",
            "\"insert into ",
            "\"update ",
            "\"delete from ",
            "sqlx::query",
        ]
        .iter()
        .any(|it| line.contains(it))
    };
    assert_none(
        "SQL stands in queries.rs, db and migrations",
        &lines_where(
            |it| is_rust(it) && it.starts_with("server/src") && !may(it),
            is_sql,
        ),
    );
}

/// While nodes are renewed one by one, an older program works on the newer schema: whatever it knows of must still be there,
/// and what it does not know of must not be asked of it.
#[test]
fn migrations_only_add() {
    let folder = root().join("server/migrations");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|it| it.path())
        .collect();
    files.sort();
    let taken = [
        "drop table",
        "drop column",
        " rename ",
        "alter column",
        "add constraint",
    ];
    let mut found = Vec::new();
    // The first made the tables; what is asked of a table that a migration makes itself is asked of nobody older.
    for file in &files[1..] {
        let text = fs::read_to_string(file).unwrap().to_lowercase();
        let plain: Vec<&str> = text
            .lines()
            .map(|it| it.split("--").next().unwrap_or(""))
            .collect();
        let made: Vec<String> = plain
            .iter()
            .filter_map(|it| it.trim().strip_prefix("create table "))
            .map(|it| it.split([' ', '(']).next().unwrap_or("").to_owned())
            .collect();
        for statement in plain.join(" ").split(';') {
            let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_own = made.iter().any(|it| {
                statement.starts_with(&format!("create table {it}"))
                    || statement.contains(&format!(" on {it} "))
            });
            let demands = statement.contains("add column")
                && statement.contains("not null")
                && !statement.contains("default");
            if !is_own
                && (taken.iter().any(|it| statement.contains(it))
                    || statement.starts_with("create unique index")
                    || demands)
            {
                found.push(format!("{}: {statement}", file.display()));
            }
        }
    }
    assert_none("a migration adds and takes nothing away", &found);
}

#[test]
fn the_domain_is_pure() {
    let manifest = fs::read_to_string(root().join("app/domain/Cargo.toml")).unwrap();
    let own: Vec<_> = manifest
        .split("[dependencies]")
        .nth(1)
        .unwrap()
        .split("\n[")
        .next()
        .unwrap()
        .lines()
        .collect();
    let known = ["serde", "serde_json"];
    let odd: Vec<String> = own
        .iter()
        .map(|it| it.split(['.', ' ', '=']).next().unwrap_or("").to_owned())
        .filter(|it| !it.is_empty() && !it.starts_with('#') && !known.contains(&it.as_str()))
        .collect();
    assert_none("domain needs nothing but serde", &odd);
    let words = [
        "SystemTime",
        "Instant::now",
        "rand::",
        "getrandom",
        "std::fs",
        "std::net",
        "std::thread",
        "tokio",
        "async fn",
        ".await",
    ];
    let found = lines_where(
        |it| is_rust(it) && it.starts_with("app/domain/src") && !is_test(it),
        |line| words.iter().any(|it| line.contains(it)),
    );
    assert_none(
        "domain has neither clock nor chance nor input nor output",
        &found,
    );
}

#[test]
fn dependencies_point_one_way() {
    let depends = |krate: &str, on: &str| {
        let text = fs::read_to_string(root().join(krate).join("Cargo.toml")).unwrap();
        let own = text
            .split("[dependencies]")
            .nth(1)
            .unwrap_or("")
            .split("\n[")
            .next()
            .unwrap_or("")
            .to_owned();
        own.lines()
            .any(|it| it.split(['.', ' ', '=']).next() == Some(on))
    };
    let never = [
        ("app/domain", "app"),
        ("app/domain", "leptos"),
        ("app/domain", "sqlx"),
        ("app/domain", "web-sys"),
        ("app", "server"),
        ("app", "frontend"),
        ("app", "sqlx"),
        ("app", "tokio"),
        ("app", "axum"),
        ("frontend", "server"),
        ("frontend", "sqlx"),
        ("frontend", "tokio"),
        ("server", "frontend"),
        ("server", "web-sys"),
    ];
    let found: Vec<_> = never
        .iter()
        .filter(|it| depends(it.0, it.1))
        .map(|it| format!("{} depends on {}", it.0, it.1))
        .collect();
    assert_none("dependencies point from app to domain, never back", &found);
    let needless = [
        "leptos_router",
        "leptos_meta",
        "chrono",
        "chrono-tz",
        "regex",
    ];
    let browser = [
        "app/Cargo.toml",
        "frontend/Cargo.toml",
        "app/domain/Cargo.toml",
    ]
    .map(|it| fs::read_to_string(root().join(it)).unwrap())
    .concat();
    let found: Vec<_> = needless
        .iter()
        .filter(|it| browser.lines().any(|line| line.starts_with(**it)))
        .map(ToString::to_string)
        .collect();
    assert_none("too heavy for a phone", &found);
}

#[test]
fn page_paths_are_spelled_in_one_place() {
    let paths = ["\"/booking", "\"/me\"", "\"/me/", "\"/staff"];
    // Forms post to actions, which are the server's routes; what is spelled with a format is checked by the table of roles.
    let is_action = |line: &str| {
        line.contains("action=")
            || line.contains("ui::post(")
            || line.contains("ui::form(")
            || line.contains("/ask\"")
            || line.contains("/profile\"")
            || line.contains("sign-out")
            || line.contains("format!")
    };
    let found = lines_where(
        |it| {
            is_rust(it)
                && (it.starts_with("app/src") || it.starts_with("frontend/src"))
                && !it.starts_with("app/src/page")
                && !it.ends_with("app/src/page.rs")
                && !is_test(it)
        },
        |line| paths.iter().any(|it| line.contains(it)) && !is_action(line),
    );
    assert_none("page paths are spelled in app/src/page.rs only", &found);
}

#[test]
fn nothing_is_left_for_later() {
    let mark = ["TO", "DO"].concat();
    let fix = ["FIX", "ME"].concat();
    let found: Vec<_> = files()
        .iter()
        .filter(|(path, _)| {
            path.extension().is_some_and(|it| {
                ["rs", "css", "sql", "js", "mjs", "toml", "md", "sh"]
                    .iter()
                    .any(|known| it == *known)
            })
        })
        .flat_map(|(path, text)| {
            let name = path.display().to_string();
            text.lines()
                .enumerate()
                .filter(|it| it.1.contains(&mark) || it.1.contains(&fix))
                .map(move |(at, line)| format!("{name}:{}: {}", at + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none("nothing is left for later", &found);
}

#[test]
fn nothing_unwraps_outside_tests() {
    let found: Vec<_> = lines_where(
        |it| is_rust(it) && !is_test(it) && !it.starts_with(".xtask"),
        |line| line.contains(".unwrap()"),
    );
    assert_none("unwrap stands in tests only", &found);
}

#[test]
fn rooms_have_the_names_of_things() {
    let vague = [
        "utils", "helpers", "common", "manager", "service", "types", "misc",
    ];
    let found: Vec<_> = files()
        .iter()
        .filter(|(path, _)| is_rust(path))
        .filter(|(path, _)| {
            path.components().any(|it| {
                vague.iter().any(|word| {
                    Path::new(it.as_os_str())
                        .file_stem()
                        .is_some_and(|stem| stem == *word)
                })
            })
        })
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_none("a file is called after the thing in it", &found);
}

#[test]
fn every_file_says_what_it_is_for() {
    let found: Vec<_> = files()
        .iter()
        .filter(|(path, text)| {
            is_rust(path)
                && !path.ends_with("tests.rs")
                && !text.trim_start().starts_with("//!")
                && !text.trim_start().starts_with("#![")
        })
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_none("a file begins with what it is for", &found);
}

#[test]
fn tests_do_not_sleep_and_are_not_left_out() {
    let ignored = ["#[", "ignore"].concat();
    let sleeping = ["time::", "sleep("].concat();
    let found = lines_where(
        |it| is_rust(it) && it.starts_with("tests") && !it.starts_with("tests/bench"),
        |line| line.contains(&ignored) || line.contains(&sleeping),
    );
    assert_none("a test waits for what happens, not for time", &found);
}

#[test]
fn nobody_is_named_in_a_log() {
    let secrets = [
        "email", "address", ".name", "token", "code", "secret", "password", "cookie",
    ];
    let logs = ["info!(", "warn!(", "error!(", "debug!("];
    let is_wrong = |line: &str| {
        logs.iter().any(|it| line.contains(it))
            && secrets
                .iter()
                .any(|it| line.to_ascii_lowercase().contains(it))
    };
    assert_none(
        "no text, name, address or token of a person in a log",
        &lines_where(
            |it| is_rust(it) && it.starts_with("server/src") && !is_test(it),
            is_wrong,
        ),
    );
}

/// Who asks is the first argument of every handler.
#[test]
fn every_handler_begins_with_an_actor() {
    let actors = [
        "Visitor",
        "visitor: Visitor",
        "Signed",
        "OfferHolder",
        "Host",
        "Hr",
        "DeskOfficer",
        "Owner",
        // Known by the secret of their address: see `server::learning::play`.
        "Player",
    ];
    // Built files, the shell without data, the build's name, the signs of life and the figures are of nobody.
    let open = ["shell", "version", "readyz", "figures"];
    let mut found = Vec::new();
    for (path, text) in files()
        .iter()
        .filter(|(path, _)| is_rust(path) && path.starts_with("server/src") && !is_test(path))
    {
        for part in text.split("async fn ").skip(1) {
            let (name, rest) = part.split_once('(').unwrap_or((part, ""));
            let arguments = rest.split(") -> ").next().unwrap_or("");
            let is_handler = arguments.contains("State(services): State<Services>");
            let first = arguments.trim_start().split(',').next().unwrap_or("");
            let is_layer = arguments.contains("next: Next");
            if is_handler
                && !is_layer
                && !open.contains(&name)
                && !actors.iter().any(|it| first.contains(it))
            {
                found.push(format!("{}: {name}({first}…", path.display()));
            }
        }
    }
    assert_none("a handler's first argument is an actor", &found);
}
