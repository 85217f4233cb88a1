//! Folders for one process's files under `target/`, taken away by whoever comes after a process that was killed.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The workspace.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests stands in the workspace")
        .to_owned()
}

/// A folder of this process in `parent`; those of processes that are gone are removed.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn of_process(parent: &Path) -> PathBuf {
    fs::create_dir_all(parent).expect("the folder of the tests can be made");
    for entry in fs::read_dir(parent)
        .expect("the folder of the tests can be read")
        .flatten()
    {
        let is_alive = entry
            .file_name()
            .to_str()
            .is_some_and(|pid| Path::new("/proc").join(pid).exists());
        if !is_alive {
            // Another process may be removing it at this moment.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let own = parent.join(std::process::id().to_string());
    fs::create_dir_all(&own).expect("the folder of this process can be made");
    own
}

/// A smallest built site: the server wants one, the tests look at pages and not at bundles.
///
/// # Panics
/// When it cannot be written.
#[must_use]
pub fn site(folder: &Path) -> PathBuf {
    let site = folder.join("site");
    fs::create_dir_all(site.join("assets")).expect("the site's folder can be made");
    let manifest = r#"{"build":"0123456789abcdef","portal":{"js":"/assets/portal.1.js","wasm":"/assets/portal.1.wasm"},
        "console":{"js":"/assets/console.1.js","wasm":"/assets/console.1.wasm"},
        "scanner":{"js":"/assets/scanner.1.js","wasm":"/assets/scanner.1.wasm"},"css":{"portal":"/assets/app.1.css","console":"/assets/app.1.css"},"learning":"/assets/learning.1.js","shell":[],
        "players":{"scorm12":"/assets/scorm12.1.js","scorm2004":"/assets/scorm2004.1.js"}}"#;
    let files = [
        ("manifest.json", manifest),
        ("assets/app.1.css", "body{}"),
        ("assets/portal.1.js", "1"),
        ("assets/scorm12.1.js", "1"),
        ("assets/scorm2004.1.js", "1"),
        ("sw.js", "1"),
    ];
    for (name, text) in files {
        fs::write(site.join(name), text).expect("the site's files can be written");
    }
    site
}
