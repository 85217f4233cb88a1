//! Before signing in: plain pages without code, rendered by the server only.
//!
//! In reading order: [`sign_in`] asks for an address, [`mod@code`] for the six digits of the mail; [`mod@link`] and [`invitation`]
//! are what the links in mails open; [`sent`] follows a new invitation. Opening a link does nothing yet: programs that
//! inspect mail open every link, so a button does what the link says. They are functions, not components: nothing in
//! them ever changes after it is made.
//!
//! Every failure is a [`problem`]: it says why and offers the next step. No page tells whether an address is known.

mod address;
mod code;
mod frame;
mod link;
pub mod problem;
pub mod words;

pub use address::sign_in;
pub use code::code;
pub use frame::Here;
pub use link::{invitation, link, sent};

#[cfg(test)]
mod tests;
