//! 予約.
use domain::id::{BookingId, MemberId};
use leptos::prelude::*;
/// Who can be met, and my bookings.
#[component]
pub fn Bookings() -> impl IntoView {
    view! { <p></p> }
}
/// One person's free times.
#[component]
pub fn HostTimes(host: MemberId, moving: Option<BookingId>) -> impl IntoView {
    let _ = (host, moving);
    view! { <p></p> }
}
/// One booking.
#[component]
pub fn BookingDetail(id: BookingId) -> impl IntoView {
    let _ = id;
    view! { <p></p> }
}
