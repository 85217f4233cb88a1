//! Pages and pieces, rendered by the server and run in the browser.
//!
//! In reading order:
//! - [`page`]: the table of pages. [`start`]: what a page starts from. [`device`]: what screens read and how they act.
//! - [`mod@document`]: the HTML around a page, made by the server only.
//! - [`words`], [`mod@format`], [`order`]: sentences, dates, sorted lists. [`ui`]: pieces that know no feature.
//! - [`home`], [`booking`], [`event`], [`question`], [`learning`], [`me`]: the portal's screens. [`staff`]: the console's. [`sign_in`]: before signing in.

#[cfg(feature = "holder")]
pub mod booking;
pub mod device;
pub mod document;
#[cfg(feature = "holder")]
pub mod event;
pub mod format;
#[cfg(feature = "holder")]
pub mod home;
#[cfg(feature = "holder")]
pub mod learning;
pub mod me;
#[cfg(feature = "ssr")]
pub mod online;
pub mod order;
pub mod page;
#[cfg(feature = "holder")]
pub mod question;
pub mod sign_in;
#[cfg(feature = "staff")]
pub mod staff;
pub mod start;
pub mod ui;
pub mod words;

use leptos::prelude::*;

use crate::ui::Any;

use device::Device;
use page::Page;
use start::Start;

/// Names the sources that draw. A bundle takes over a page only where the server drew it from the same ones; any other
/// page it draws anew.
pub const VIEWS: &str = env!("VIEWS");

/// The offer-holder's portal.
#[cfg(feature = "holder")]
#[component]
pub fn Portal(
    /// What the page starts from.
    device: Device,
) -> impl IntoView {
    provide_context(device);
    let screen = move || {
        match device.page.get() {
            Some(Page::Home) => home::Home().any(),
            Some(Page::Bookings) => booking::Bookings().any(),
            Some(Page::Host(host, moving)) => {
                booking::HostTimes(booking::HostTimesProps { host, moving }).any()
            }
            Some(Page::Booking(id)) => {
                booking::BookingDetail(booking::BookingDetailProps { id }).any()
            }
            Some(Page::Events) => event::events(),
            Some(Page::Event(id)) => event::event(id),
            Some(Page::Faq) => question::faq(),
            Some(Page::Courses) => learning::courses(),
            Some(Page::Course(id)) => learning::course(id),
            Some(Page::Lesson(course, id)) => learning::lesson(course, id),
            #[cfg(feature = "ssr")]
            Some(Page::Play(course, id)) => learning::play(course, id),
            Some(page) => me::screen(&page),
            None => ui::NotFound().any(),
        }
        // Another page takes nothing over.
        .anew()
    };
    view! { <ui::PortalFrame>{screen}</ui::PortalFrame> }
}

/// The company's console.
#[cfg(feature = "staff")]
#[component]
pub fn Console(
    /// What the page starts from.
    device: Device,
) -> impl IntoView {
    provide_context(device);
    let screen = move || {
        match device.page.get() {
            Some(page) => staff::screen(&page).unwrap_or_else(|| me::screen(&page)),
            None => ui::NotFound().any(),
        }
        .anew()
    };
    view! { <staff::ConsoleFrame>{screen}</staff::ConsoleFrame> }
}

/// The device of a page, from what it starts from.
#[must_use]
pub fn device_of(start: &Start, path: &str, query: &str) -> Device {
    Device::new(start, Page::parse(path, query))
}
