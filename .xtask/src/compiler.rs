//! Which compiler builds for the browser: the native one if it has a standard library for wasm32, else Debian's, which builds
//! that library from its sources. `.ci/setup` has seen to it that one of the two is there.

use std::env;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) struct Compiler {
    kind: Kind,
    version: String,
}

enum Kind {
    Native,
    Debian,
}

impl Compiler {
    pub(crate) fn find() -> Result<Self> {
        let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
        if has_file(
            &ask(&rustc, &["--print", "target-libdir", "--target", TARGET])?,
            "libstd-",
        ) {
            return Ok(Self {
                kind: Kind::Native,
                version: ask(&rustc, &["--version"])?,
            });
        }
        let debian = || -> Result<Self> {
            let library = format!(
                "{}/lib/rustlib/src/rust/library",
                ask("/usr/bin/rustc", &["--print", "sysroot"])?
            );
            ensure!(
                has_file(&library, "Cargo.toml"),
                "no sources of the standard library in {library}"
            );
            Ok(Self {
                kind: Kind::Debian,
                version: ask("/usr/bin/rustc", &["--version"])?,
            })
        };
        debian().context("no compiler here has a standard library for wasm32: run .ci/setup run")
    }

    /// Builds a bundle. Each in a call of its own: in one call both would have the features of either, and the portal would
    /// carry what only the console reads. What they share with the same features is compiled once all the same.
    pub(crate) fn build(&self, root: &Path, bundle: &str) -> Result<()> {
        let mut cargo = match self.kind {
            Kind::Native => Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())),
            Kind::Debian => Command::new("/usr/bin/cargo"),
        };
        cargo
            .current_dir(root)
            .env("CARGO_TARGET_DIR", "target/wasm");
        cargo.args([
            "build",
            "--locked",
            "--profile",
            "wasm",
            "--target",
            TARGET,
            "--package",
            bundle,
        ]);
        if let Kind::Debian = self.kind {
            // Whoever started this program may be another compiler's cargo, and leaves its traces in the environment.
            for name in [
                "RUSTC",
                "RUSTDOC",
                "RUSTUP_TOOLCHAIN",
                "CARGO",
                "LD_LIBRARY_PATH",
            ] {
                cargo.env_remove(name);
            }
            cargo.env(
                "PATH",
                format!("/usr/bin:{}", env::var("PATH").unwrap_or_default()),
            );
            // Building the standard library is not stable; with Debian's sources beside Debian's compiler it is sound.
            cargo
                .env("RUSTC_BOOTSTRAP", "1")
                .arg("-Zbuild-std=std,panic_abort");
        }
        ensure!(
            cargo.status().context("cargo cannot be started")?.success(),
            "the browser's part does not compile"
        );
        Ok(())
    }
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Native => write!(f, "{}", self.version),
            Kind::Debian => write!(f, "{}, which builds the standard library too", self.version),
        }
    }
}

fn ask(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("{program} cannot be started"))?;
    if !output.status.success() {
        bail!(
            "{program} {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn has_file(folder: &str, beginning: &str) -> bool {
    fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with(beginning))
    })
}
