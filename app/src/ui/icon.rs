//! Small line drawings. They repeat words that stand beside them and are hidden from screen readers.

use leptos::prelude::*;

use super::Any;

/// A drawing on a field of 24 by 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what is drawn")]
pub enum Icon {
    Bridge,
    House,
    Calendar,
    Person,
    People,
    Book,
    Phone,
    Paper,
    Check,
    Turn,
    Clock,
    Outbox,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Bridge => "M3 17C7 9 17 9 21 17M3 17v.01M21 17v.01M9 11.9V17M15 11.9V17",
            Self::House => "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
            Self::Calendar => "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-7 8-7s7 2 8 7",
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c.8-4 3.5-6 7-6s6.2 2 7 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.4 2.6 4 5.5"
            }
            Self::Book => {
                "M12 6c-2-1.5-5-2-8-1.5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5v-13c-3-.5-6 0-8 1.5zM12 6v13"
            }
            Self::Phone => "M7 3h10v18H7zM11 18h2",
            Self::Paper => "M3 12l18-8-6 17-4-7z",
            Self::Check => "M4 13l5 5L20 6",
            Self::Turn => "M5 12h11M12 7l5 5-5 5M20 5v14",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
            Self::Outbox => "M4 14v6h16v-6M12 15V4M8 8l4-4 4 4",
        }
    }
}

/// One drawing.
pub fn icon(icon: Icon) -> AnyView {
    view! {
        <svg viewBox="0 0 24 24" width="24" height="24" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
    .any()
}
