//! One bundle: what the compiler made, given its JavaScript, then made small.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::site::Mode;
use crate::snip::{is_lazy_hydration, snip};

pub(crate) struct Bundle {
    pub(crate) js: Vec<u8>,
    pub(crate) wasm: Vec<u8>,
}

/// The one bundle without views.
pub(crate) const SCANNER: &str = "scanner";

/// What today's phones understand and the compiler uses; wasm-opt refuses a module that uses what was not named.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

pub(crate) fn make(root: &Path, name: &str, mode: Mode) -> Result<Bundle> {
    let began = Instant::now();
    let folder = root.join("target/wasm/bundle").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;

    let compiled = fs::read(root.join(format!(
        "target/wasm/wasm32-unknown-unknown/wasm/{name}.wasm"
    )))?;
    let (snipped, count) =
        snip(&compiled, is_lazy_hydration).context("the compiler's module has no names")?;
    ensure!(
        count > 0 || name == SCANNER,
        "{name} holds no body of `hydrate_async`: the compiler writes names in another way, or Leptos has dropped it and .xtask/src/snip can go"
    );
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(name, snipped);
    // The page names the hashed address; a default one beside the module would never exist.
    bindgen
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true);
    bindgen
        .remove_name_section(mode == Mode::Release)
        .remove_producers_section(true);
    bindgen
        .generate(&folder)
        .with_context(|| format!("the JavaScript of {name} cannot be made"))?;

    let js = folder.join("bundle.js");
    let mut esbuild = Command::new(root.join("target/tools/node_modules/.bin/esbuild"));
    // Bundling pulls in the snippets that crates bring along, so that a bundle is one file.
    esbuild.arg(folder.join(format!("{name}.js"))).args([
        "--bundle",
        "--format=esm",
        "--log-level=warning",
        "--minify",
    ]);
    run(esbuild.arg(format!("--outfile={}", js.display())))?;

    let wasm = folder.join(format!("{name}_bg.wasm"));
    if mode == Mode::Release {
        let mut opt = Command::new("node");
        opt.arg(root.join("target/tools/node_modules/binaryen/bin/wasm-opt"));
        // Once more with everything taken apart and put together anew: a sixtieth less. Nothing lies below the first
        // kilobyte, where the linker puts the far end of the stack.
        opt.args([
            "-Oz",
            "--low-memory-unused",
            "--flatten",
            "--rereloop",
            "-Oz",
            "-Oz",
            "--strip-debug",
            "--strip-producers",
            "--strip-target-features",
        ])
        .args(FEATURES);
        run(opt.arg(&wasm).arg("-o").arg(&wasm))?;
    }
    println!("site: made {name} ({:.0} s)", began.elapsed().as_secs_f32());
    Ok(Bundle {
        js: fs::read(js)?,
        wasm: fs::read(wasm)?,
    })
}

/// A script or style sheet made small.
pub(crate) fn small(root: &Path, file: &Path) -> Result<Vec<u8>> {
    let mut esbuild = Command::new(root.join("target/tools/node_modules/.bin/esbuild"));
    let output = esbuild
        .args(["--minify", "--log-level=warning"])
        .arg(file)
        .stderr(Stdio::inherit())
        .output()
        .context("esbuild is missing: run .ci/setup run")?;
    ensure!(output.status.success(), "{} has a mistake", file.display());
    Ok(output.stdout)
}

/// Runs a tool that `.ci/setup` installs.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{program} is missing: run .ci/setup run"))?;
    ensure!(status.success(), "{program} failed: {command:?}");
    Ok(())
}
