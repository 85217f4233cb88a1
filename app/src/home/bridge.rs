//! The bridge: two dots joined by a thin line, with today's place on it. The only ornament of the product.

use domain::time::Day;
use leptos::prelude::*;

use crate::ui::Any;

use super::words;
use crate::{device::Device, format};

/// A point of the drawing.
type Point = (f64, f64);

/// The arch stands on these two points and leans towards the third.
const BEGIN: Point = (12.0, 48.0);
const END: Point = (308.0, 48.0);
const CROWN: Point = (160.0, -16.0);

/// From the day somebody was entered here to the first working day.
pub(super) fn bridge(device: Device, since: Day, joining: Day, today: Day) -> AnyView {
    let words = words::of(device.language);
    let gone = (today.number() - since.number()).max(0);
    let left = (joining.number() - today.number()).max(0);
    let share = f64::from(gone) / f64::from((gone + left).max(1));
    // De Casteljau: the part of the arch up to today is an arch again.
    let lean = between(BEGIN, CROWN, share);
    let here = between(lean, between(CROWN, END, share), share);
    let whole = arch(CROWN, END);
    let walked = arch(lean, here);
    // Near the ends the word would leave the drawing.
    let label = round(here.0.clamp(16.0, 304.0));
    let dot = |at: Point, radius: &'static str, class: &'static str| {
        view! { <circle cx=round(at.0) cy=round(at.1) r=radius class=class></circle> }
    };
    view! {
        <figure class="home-bridge">
            <svg viewBox="0 0 320 60" role="img" aria-label=(words.bridge)(gone, left)>
                <path d=whole class="home-bridge__way"></path>
                <path d=walked class="home-bridge__walked"></path>
                {dot(BEGIN, "5", "home-bridge__end")}
                {dot(END, "5", "home-bridge__goal")}
                {dot(here, "8", "home-bridge__here")}
                <text x=label y=round(here.1 - 16.0) text-anchor="middle" class="home-bridge__text">{words.here}</text>
            </svg>
            <figcaption>
                <span>{words.begin}<br/>{format::day(device.language, since)}</span>
                <span>{words.first_day}<br/>{format::day(device.language, joining)}</span>
            </figcaption>
        </figure>
    }
    .any()
}

fn between(from: Point, to: Point, share: f64) -> Point {
    (
        from.0 + (to.0 - from.0) * share,
        from.1 + (to.1 - from.1) * share,
    )
}

fn arch(lean: Point, end: Point) -> String {
    format!(
        "M{} {}Q{} {} {} {}",
        round(BEGIN.0),
        round(BEGIN.1),
        round(lean.0),
        round(lean.1),
        round(end.0),
        round(end.1)
    )
}

/// Whole numbers are exact enough on a drawing of this size, and print the same everywhere.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the drawing is a few hundred units wide"
)]
fn round(length: f64) -> i32 {
    length.round() as i32
}
