//! The console: what the company's people see.
//!
//! In reading order:
//! - [`frame`]: nouns, banners. [`words`]: every sentence.
//! - [`owed`], [`search`]: what is read from the rows. [`form`], [`lines`], [`table`]: what several screens draw.
//! - [`today`], [`slots`], [`interviews`], [`events`], [`promises`], [`people`], [`settings`]: the screens. `courses`, `course_edit`, `subsidies`
//!   and `import` are drawn by the server alone.

#[cfg(feature = "ssr")]
pub mod course_edit;
#[cfg(feature = "ssr")]
pub mod courses;
mod events;
mod form;
pub mod frame;
#[cfg(feature = "ssr")]
mod import;
mod interviews;
mod lines;
mod owed;
mod people;
mod promises;
mod search;
mod settings;
mod slots;
#[cfg(feature = "ssr")]
pub mod subsidies;
mod table;
mod today;
mod words;

pub use frame::{ConsoleFrame, title};

use leptos::prelude::*;

use crate::page::Page;

/// The screens of the console; none for a page that is not one of its own.
pub fn screen(page: &Page) -> Option<AnyView> {
    Some(match page {
        Page::Today => today::today(),
        Page::Slots => slots::slots(),
        Page::Interviews => interviews::interviews(),
        Page::Interview(id) => interviews::interview(*id),
        Page::Plans => events::list(),
        Page::NewPlan(from) => events::new(*from),
        Page::Plan(id) => events::plan(*id),
        Page::EditPlan(id) => events::edit(*id),
        Page::Door(id) => events::door(*id),
        Page::Promises => promises::promises(),
        Page::People => people::people(),
        #[cfg(feature = "ssr")]
        Page::Import => import::import(),
        #[cfg(feature = "ssr")]
        Page::Subsidies => subsidies::screen(),
        #[cfg(feature = "ssr")]
        Page::StaffCourses => courses::screen(),
        #[cfg(feature = "ssr")]
        Page::StaffCourse(id) => course_edit::screen(*id),
        Page::Settings => settings::settings(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
