//! Calendars as another implementation reads them: Python's `icalendar`, which refuses what the standard does not allow.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

const READER: &str = r#"
import sys, icalendar
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
print(calendar["METHOD"])
for it in calendar.walk("VEVENT"):
    assert not it.errors, it.errors
    print(it["UID"], it["SEQUENCE"], it["STATUS"])
    print(it.decoded("DTSTART").isoformat(), it.decoded("DTEND").isoformat())
    print(it["SUMMARY"])
    print(it["LOCATION"])
"#;

/// What the other implementation understands: the method, then of each entry its name, number and state, its times, what
/// it is called, where it is.
///
/// # Panics
/// When it does not understand.
#[must_use]
pub fn read(ics: &str) -> String {
    let mut reader = Command::new("/usr/bin/python3")
        .args(["-c", READER])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python can be started");
    let mut stdin = reader.stdin.take().expect("it reads");
    stdin.write_all(ics.as_bytes()).expect("it reads all");
    drop(stdin);
    let output = reader.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{ics}");
    String::from_utf8(output.stdout).expect("it writes UTF-8")
}
