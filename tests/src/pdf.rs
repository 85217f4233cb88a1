//! PDFs as another implementation reads them: Poppler's programs.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// What somebody reads on it.
///
/// # Panics
/// When it is no PDF.
#[must_use]
pub fn read(pdf: &[u8]) -> String {
    asked("pdftotext", &["-", "-"], pdf)
}

/// What it says of itself: title, language, whether it can be listened to, its size.
///
/// # Panics
/// When it is no PDF.
#[must_use]
pub fn facts(pdf: &[u8]) -> String {
    asked("pdfinfo", &["-"], pdf)
}

fn asked(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut reader = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Poppler can be started");
    let mut stdin = reader.stdin.take().expect("it reads");
    stdin.write_all(pdf).expect("it reads all");
    drop(stdin);
    let output = reader.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}");
    String::from_utf8(output.stdout).expect("it writes UTF-8")
}
