//! 予約: who can be met, one person's times, one booking. Every key action is a form that works without script.
//!
//! In reading order: [`list`] (`/booking`), [`host`] and [`times`] (`/booking/host/ID`), [`detail`] (`/booking/ID`),
//! [`record`] (what was said), [`outcome`] (what became of wishes), [`free`] (which slots can be offered), [`act`] (what the buttons do),
//! [`mod@line`] (a booking in one line), [`words`].
//!
//! # Forms without script
//!
//! All are POST and come back with 303 and, on the next page, a [`crate::start::FormAnswer`].
//!
//! | action | fields | becomes | comes back to |
//! |---|---|---|---|
//! | `/booking/ask` | `wish1`, `wish2`?, `wish3`?: [`wish_value`]; `topic`, `talk`, `avoid`: text; `read`?: mutation id | `booking.ask.v1`, its booking id made by the server; then `outcome.acknowledge.v1` of `read` | `/booking/ID` when booked, else `/booking` |
//! | `/booking/ID/move` | `wish1`, `wish2`?, `wish3`?: [`wish_value`]; `read`?: mutation id | `booking.move.v1`; then `outcome.acknowledge.v1` of `read` | `/booking/ID` |
//! | `/booking/ID/cancel` | none | `booking.cancel.v1` | `/booking/ID` |
//! | `/booking/ID/correct` | `text` | `interview.correct.v1`, its id made by the server | `/booking/ID` |
//! | `/outcome/ID/read` | none; ID is the mutation's | `outcome.acknowledge.v1` | `/` |
//!
//! `wishN` is `SLOTID@STARTS`, the start in milliseconds as it was shown; the place of the wish is the slot's. A form
//! without `wish1` is refused with `FieldEmpty` of the wishes.

mod act;
mod detail;
mod free;
mod host;
mod line;
mod list;
mod outcome;
mod record;
mod times;
mod words;

pub(crate) use act::{Asking, ask, saved};
pub use act::{parse_wish, wish_value};
pub(crate) use free::{first_of_each_host, who};
pub(crate) use line::{asked_card, booking_card};
pub(crate) use outcome::{outcome_card, outcomes};
pub(crate) use record::promise_card;

use domain::id::{BookingId, MemberId};
use leptos::prelude::*;

/// Who can be met, and my bookings.
#[component]
pub fn Bookings() -> impl IntoView {
    list::screen()
}

/// One person's free times.
#[component]
pub fn HostTimes(
    /// Whose.
    host: MemberId,
    /// The booking that looks for another time.
    moving: Option<BookingId>,
) -> impl IntoView {
    host::screen(host, moving)
}

/// One booking.
#[component]
pub fn BookingDetail(
    /// Which; perhaps only asked for.
    id: BookingId,
) -> impl IntoView {
    detail::screen(id)
}

#[cfg(test)]
mod tests;
