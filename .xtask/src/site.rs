//! `target/site`: everything the browser is given, and `manifest.json`, from which the server learns the names.
//!
//! Written in an order that never shows a running server half a build: assets first, then the worker, the manifest last.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};

use crate::asset::Assets;
use crate::bundle::{self, Bundle, SCANNER};
use crate::compiler::Compiler;
use crate::style::{self, Sheets};
use crate::{inputs, player, size};

/// Files of `public/` that keep their names: browsers and stores of apps ask for them by name, and so does who needs the kill switch.
const PLAIN: [&str; 7] = [
    "apple-touch-icon.png",
    "favicon.svg",
    "icon-192.png",
    "icon-512.png",
    "icon-maskable-512.png",
    "manifest.webmanifest",
    "sw_off.js",
];

/// What the server reads. Addresses are paths on the site.
#[derive(Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// 16 hex digits that change when anything below changes.
    pub(crate) build: String,
    pub(crate) portal: Entry,
    pub(crate) console: Entry,
    /// What the portal loads when somebody opens 学ぶ.
    pub(crate) learning: String,
    /// What the console loads when somebody opens the camera at the door.
    pub(crate) scanner: Entry,
    pub(crate) css: Sheets<String>,
    pub(crate) players: Players,
    /// What the service worker fetches before it calls itself installed: the portal's files.
    pub(crate) shell: Vec<String>,
}

/// The API that lessons of SCORM packages look for, by their kind: files that nothing of ours loads.
#[derive(Serialize, Deserialize)]
pub(crate) struct Players {
    pub(crate) scorm12: String,
    pub(crate) scorm2004: String,
}

/// One bundle: the module that the page imports, and the WASM whose address is given to its `init`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) js: String,
    pub(crate) wasm: String,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Release,
    /// Without wasm-opt and brotli.
    Dev,
}

pub(crate) fn build(root: &Path, mode: Mode) -> Result<()> {
    let began = Instant::now();
    let site = root.join("target/site");
    let stamp = site.join(".inputs");
    let compiler = Compiler::find()?;
    let fingerprint = inputs::fingerprint(root, mode, &compiler)?;
    if fs::read_to_string(&stamp).is_ok_and(|last| last == fingerprint)
        && site.join("manifest.json").exists()
    {
        println!(
            "site: nothing changed ({:.1} s)",
            began.elapsed().as_secs_f32()
        );
        return if mode == Mode::Dev {
            Ok(())
        } else {
            size::check(root)
        };
    }

    // First, because its mistakes show in no time.
    let css = style::join(root)?;
    println!("site: compiling for the browser with {compiler}");
    for bundle in ["portal", "console", SCANNER] {
        compiler.build(root, bundle)?;
    }
    println!("site: compiled ({:.0} s)", began.elapsed().as_secs_f32());
    let (portal, scanner, console) = thread::scope(|scope| {
        let console = scope.spawn(|| bundle::make(root, "console", mode));
        let portal = bundle::make(root, "portal", mode);
        let scanner = bundle::make(root, SCANNER, mode);
        (
            portal,
            scanner,
            console
                .join()
                .unwrap_or_else(|_| Err(anyhow!("the console's bundle could not be made"))),
        )
    });

    let mut assets = Assets::open(&site, mode)?;
    let manifest = write(root, &mut assets, &css, [portal?, console?, scanner?])?;
    assets.keep_last_builds(&manifest.build)?;
    assets.put("manifest.json", &serde_json::to_vec_pretty(&manifest)?)?;
    fs::write(&stamp, fingerprint)?;
    println!(
        "site: build {} is in target/site ({:.0} s)",
        manifest.build,
        began.elapsed().as_secs_f32()
    );
    if mode == Mode::Dev {
        Ok(())
    } else {
        size::check(root)
    }
}

fn write(
    root: &Path,
    assets: &mut Assets,
    css: &Sheets<Vec<u8>>,
    [portal, console, scanner]: [Bundle; 3],
) -> Result<Manifest> {
    let public = root.join("public");
    let read = |name: &str| {
        fs::read(public.join(name)).with_context(|| format!("public/{name} cannot be read"))
    };
    let mut entry = |name: &str, bundle: Bundle| -> Result<Entry> {
        Ok(Entry {
            js: assets.add(name, "js", &bundle.js)?,
            wasm: assets.add(name, "wasm", &bundle.wasm)?,
        })
    };
    let portal = entry("portal", portal)?;
    let console = entry("console", console)?;
    let scanner = entry(SCANNER, scanner)?;
    let learning = assets.add(
        "learning",
        "js",
        &bundle::small(root, &root.join("frontend/learning.js"))?,
    )?;
    let css = Sheets {
        portal: assets.add("portal", "css", &css.portal)?,
        console: assets.add("console", "css", &css.console)?,
    };
    let mut player = |name: &str| assets.add(name, "js", &player::script(root, name)?);
    let players = Players {
        scorm12: player("scorm12")?,
        scorm2004: player("scorm2004")?,
    };
    let offline = assets.add("offline", "html", &read("offline.html")?)?;
    for name in PLAIN {
        assets.put(name, &read(name)?)?;
    }

    let files = |entry: &Entry, css: &String| -> Vec<String> {
        [&entry.js, &entry.wasm, css, &offline]
            .map(Clone::clone)
            .into()
    };
    let mut portal_files = files(&portal, &css.portal);
    portal_files.push(learning.clone());
    let mut console_files = files(&console, &css.console);
    console_files.extend([scanner.js.clone(), scanner.wasm.clone()]);
    let worker = String::from_utf8(read("service_worker.js")?)?
        .replace("\"__OFFLINE__\"", &serde_json::to_string(&offline)?)
        .replace("\"__PORTAL__\"", &serde_json::to_string(&portal_files)?)
        .replace("\"__CONSOLE__\"", &serde_json::to_string(&console_files)?);
    // The worker's own text counts: a change in it must reach the phones as a new build.
    let build = assets.build_id(&worker);
    assets.put("sw.js", worker.replace("__BUILD__", &build).as_bytes())?;
    Ok(Manifest {
        build,
        portal,
        console,
        learning,
        scanner,
        css,
        players,
        shell: portal_files,
    })
}
