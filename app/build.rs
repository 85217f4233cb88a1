//! Gives the sources that draw a name, `VIEWS`: the server and the bundle each carry the one they were compiled from.

use std::{fs, io, path::Path};

/// The screens, what they say of the product, and the versions of everything that draws them.
const SOURCES: [&str; 3] = ["src", "domain/src", "../Cargo.lock"];

fn main() -> io::Result<()> {
    let mut name = Name(0xcbf2_9ce4_8422_2325);
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        name.take(Path::new(source))?;
    }
    println!("cargo::rustc-env=VIEWS={:016x}", name.0);
    Ok(())
}

/// FNV-1a, written out: two compilers build this, and the standard library's hashes promise nothing from one to the next.
struct Name(u64);

impl Name {
    fn take(&mut self, path: &Path) -> io::Result<()> {
        if !path.is_dir() {
            self.add(path.to_string_lossy().as_bytes());
            self.add(&fs::read(path)?);
            return Ok(());
        }
        let mut inside: Vec<_> = fs::read_dir(path)?
            .map(|it| it.map(|it| it.path()))
            .collect::<Result<_, _>>()?;
        inside.sort();
        inside.iter().try_for_each(|it| self.take(it))
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
