//! The QR code on the phone: dark on white in both themes, with the margin that cameras need.

use std::fmt::Write as _;

use leptos::prelude::*;

use crate::ui::Any;

/// The drawing of these rows ([`domain::event::Rsvp::qr`]), called this by those who do not see it.
pub(super) fn drawing(rows: &[u32], name: &'static str) -> AnyView {
    // Four modules of white around it; lines are as wide as a module, and their middle is half of one down.
    let size = rows.len() + 8;
    view! {
        <svg class="event-qr" viewBox=format!("-4 -4.5 {size} {size}") role="img" aria-label=name>
            <path d=path(rows)></path>
        </svg>
    }
    .any()
}

/// A line for each run of dark modules.
fn path(rows: &[u32]) -> String {
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        while x < u32::BITS && row >> x != 0 {
            x += (row >> x).trailing_zeros();
            let run = (row >> x).trailing_ones();
            // Writing to a text does not fail.
            let _ = write!(path, "M{x} {y}h{run}");
            x += run;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn each_run_of_dark_modules_is_a_line() {
        assert_eq!(path(&[0b1_0111, 0, 1 << 20]), "M0 0h3M4 0h1M20 2h1");
        assert_eq!(path(&[u32::MAX]), "M0 0h32");
    }
}
