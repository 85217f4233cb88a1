//! 自分, in both bundles: who I am here, what waits to be sent, my devices, my calendar, who sees what.
//!
//! # Forms without script
//!
//! All are POST and come back with 303.
//!
//! | action | fields | does | comes back to |
//! |---|---|---|---|
//! | `/language` | `language`: `ja` or `en` | keeps the language | `/me` |
//! | `/sign-out` | none | ends this session | the sign-in |
//! | `/me/devices/ID/sign-out` | none; ID is the session's | ends that session | `/me/devices` |
//! | `/me/calendar` | none | makes the calendar's address, or replaces it | `/me/calendar`, which shows it once |
//! | `/me/calendar/revoke` | none | ends the address | `/me/calendar` |
//! | `/me/profile` | `talks_about` | `profile.set.v1` | `/me` |

mod myself;
#[cfg(feature = "ssr")]
mod online;
mod outbox;
#[cfg(feature = "staff")]
mod profile;
#[cfg(feature = "ssr")]
mod sights;
mod words;

#[cfg(feature = "staff")]
pub(crate) use outbox::called;

use leptos::prelude::*;

use crate::{
    device::Device,
    page::Page,
    ui::{self, Any, NotFound},
};

/// The screens both bundles have.
pub fn screen(page: &Page) -> AnyView {
    match page {
        Page::Me => myself::screen(),
        Page::Sync => outbox::screen(),
        #[cfg(feature = "ssr")]
        Page::Devices => online::devices(),
        #[cfg(feature = "ssr")]
        Page::Calendar => online::calendar(),
        #[cfg(feature = "ssr")]
        Page::Sights => sights::screen(),
        page if page.is_online_only() => ui::away_from(Device::here().language, page),
        _ => NotFound().any(),
    }
}

#[cfg(test)]
mod tests;
