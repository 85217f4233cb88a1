//! Before signing in: plain pages without code, rendered by the server only.
//!
//! In reading order: [`SignIn`] asks for an address, [`Code`] for the six digits of the mail; [`Link`] and
//! [`Invitation`] are what the links in mails open; [`Sent`] follows a new invitation. Opening a link does nothing yet:
//! programs that inspect mail open every link, so a button does what the link says.
//!
//! Every failure is a [`problem`]: it says why and offers the next step. No page tells whether an address is known.

mod code;
mod frame;
mod link;
pub mod problem;
mod sign_in;
pub mod words;

pub use code::Code;
pub use frame::Here;
pub use link::{Invitation, Link, Sent};
pub use sign_in::SignIn;

#[cfg(test)]
mod tests;
