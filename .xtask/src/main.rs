//! The builder: makes what the browser gets and checks what is shipped. `cargo xtask` prints what it can do.
#![expect(
    clippy::print_stdout,
    reason = "a builder talks to the person at the terminal"
)]

mod asset;
mod bundle;
mod compiler;
mod deny;
mod inputs;
mod player;
mod site;
mod size;
mod snip;
mod style;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask site          builds target/site: both WASM bundles, style sheet, icons, service worker; prints the sizes and keeps to the budget
cargo xtask site --dev    the same without wasm-opt and brotli: larger, sooner
cargo xtask size          prints the sizes of the last build
cargo xtask size --lower  lowers the budget to what the last build needs
cargo xtask deny          checks licences, banned crates and sources of everything in Cargo.lock";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence, whatever RUST_BACKTRACE says.
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    // Cargo says which sources, whatever folder the command was typed in.
    let package =
        env::var("CARGO_MANIFEST_DIR").context("the builder is started by cargo: cargo xtask")?;
    let root = Path::new(&package)
        .parent()
        .context("the builder lies in the folder of the sources")?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["site"] => site::build(root, site::Mode::Release),
        ["site", "--dev"] => site::build(root, site::Mode::Dev),
        ["size"] => size::check(root),
        ["size", "--lower"] => size::lower(root),
        ["deny"] => deny::check(root),
        _ => bail!("{USAGE}"),
    }
}
