//! Pieces that know no feature: properties in, callbacks out. Most are plain functions that return `AnyView`, so
//! that a piece is compiled once however often a screen uses it.
//!
//! - Frame: [`PortalFrame`] (head, main, tabs); [`notices`] (one calm line each: offline, signed out, new version, what a
//!   form came back with, the hidden `#fault`); [`unsent`] (how much waits, only if there is some).
//! - [`Any`]: every view becomes an `AnyView` through it, which the next drawing takes over or not.
//! - Shapes: [`el`], [`tag`], [`pressed`], [`typing`], [`text`], [`nothing`], [`p`], [`more`], [`live`], [`kept`],
//!   [`shown_while`]: what most of a screen is made of, each compiled once.
//! - Screen: [`screen`] (the column), [`title`], [`back`], [`section`], [`list`], [`links`], [`facts`], [`row`], [`stack`],
//!   [`heading`], [`when`], [`link`], [`note`].
//! - Paper: [`card`], [`link_card`], both marked by a [`Mark`]; [`mod@standing`]: a mark in words and a shape; [`standing_in`]; [`chip`].
//! - Press: [`button`], [`submit`], [`link_button`] in a [`Look`]; [`form`], which works without script; [`post`], which
//!   always loads a page. [`mod@act`] saves a wish, [`trouble`] and [`alert`] say what did not work.
//! - Write: [`TextArea`], [`InputField`], [`hidden`], [`choice`]; [`typed`]: what was typed before the code arrived.
//! - Nothing: [`mod@empty`] in three kinds of [`Blank`]; [`fetched`]; [`away_from`]; [`NotFound`].
//!
//! No piece writes a `style` attribute: the content security policy forbids it. Children never stand in a `<textarea>`.

mod act;
mod any;
pub mod empty;
pub mod field;
pub mod frame;
mod icon;
mod paper;
mod press;
mod shape;
mod standing;
mod words;

pub use act::{act, alert, trouble};
pub use any::Any;
pub use empty::{Blank, NotFound, away_from, empty, fetched};
pub use field::{InputField, TextArea, choice, escaped, hidden, typed};
pub use frame::{PortalFrame, notices, unsent};
pub use icon::{Icon, icon};
pub use paper::{
    away, back, card, chip, facts, heading, link, link_card, links, list, note, row, screen,
    section, stack, title, when,
};
pub use press::{Look, button, download, form, link_button, post, submit};
pub(crate) use shape::attributes;
pub use shape::{el, kept, live, more, nothing, p, pressed, shown_while, tag, text, typing};
pub use standing::{Mark, standing, standing_in};

#[cfg(test)]
mod tests;
