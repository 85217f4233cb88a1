//! The table of pages: page paths are spelled only here.

use domain::{
    id::{BookingId, CourseId, EventId, LessonId, MemberId},
    member::{Language, Role},
};

/// Which bundle of code a page needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// The offer-holder's portal.
    Portal,
    /// The company's console.
    Console,
}

impl Bundle {
    /// The bundle a role works in.
    #[must_use]
    pub fn of(role: Role) -> Self {
        if role.is_staff() {
            Self::Console
        } else {
            Self::Portal
        }
    }
}

/// A page with a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// `/` ホーム.
    Home,
    /// `/booking` 予約: who can be met, and my bookings.
    Bookings,
    /// `/booking/host/ID`: one person's free times. `?move=ID` when a booking looks for another time.
    Host(MemberId, Option<BookingId>),
    /// `/booking/ID`: one booking.
    Booking(BookingId),
    /// `/event` イベント: what one is invited to.
    Events,
    /// `/event/ID`: one of them.
    Event(EventId),
    /// `/faq` よくある質問.
    Faq,
    /// `/learn` 学ぶ.
    Courses,
    /// `/learn/ID`: one course.
    Course(CourseId),
    /// `/learn/ID/ID`: a lesson of it.
    Lesson(CourseId, LessonId),
    /// `/learn/ID/ID/play`: a lesson that others made.
    Play(CourseId, LessonId),
    /// `/me` 自分.
    Me,
    /// `/me/sync` 送信箱.
    Sync,
    /// `/me/sights` 見えるもの・見えないもの.
    Sights,
    /// `/me/devices`: signed-in devices.
    Devices,
    /// `/me/calendar`: the secret calendar feed.
    Calendar,
    /// `/staff` 今日: what we owe.
    Today,
    /// `/staff/slots`: my slots.
    Slots,
    /// `/staff/interviews`: my interviews.
    Interviews,
    /// `/staff/interviews/ID`: one of them, with its record.
    Interview(BookingId),
    /// `/staff/promises`: what the company owes.
    Promises,
    /// `/staff/events`: events, published or not.
    Plans,
    /// `/staff/events/new`, `?from=ID` for a copy of another.
    NewPlan(Option<EventId>),
    /// `/staff/events/ID`: one of them, with who comes.
    Plan(EventId),
    /// `/staff/events/ID/edit`.
    EditPlan(EventId),
    /// `/staff/events/ID/door`: who is here.
    Door(EventId),
    /// `/staff/people`: everybody.
    People,
    /// `/staff/people/import`: people from a file.
    Import,
    /// `/staff/courses`: what offer-holders may read.
    StaffCourses,
    /// `/staff/courses/ID`: one of them, to write on.
    StaffCourse(CourseId),
    /// `/staff/subsidies`: what offer-holders asked the company to pay of an exam.
    Subsidies,
    /// `/staff/settings`: limits.
    Settings,
}

impl Page {
    /// The page of a path, with its query.
    #[must_use]
    pub fn parse(path: &str, query: &str) -> Option<Self> {
        let parts: Vec<_> = path.split('/').filter(|it| !it.is_empty()).collect();
        Some(match parts[..] {
            [] => Self::Home,
            ["booking"] => Self::Bookings,
            ["booking", "host", id] => Self::Host(id.parse().ok()?, asked(query, "move=")),
            ["booking", id] => Self::Booking(id.parse().ok()?),
            ["event"] => Self::Events,
            ["event", id] => Self::Event(id.parse().ok()?),
            ["faq"] => Self::Faq,
            ["learn"] => Self::Courses,
            ["learn", id] => Self::Course(id.parse().ok()?),
            ["learn", course, id, ref rest @ ..] => {
                let (course, id) = (course.parse().ok()?, id.parse().ok()?);
                match rest {
                    [] => Self::Lesson(course, id),
                    ["play"] => Self::Play(course, id),
                    _ => return None,
                }
            }
            ["me"] => Self::Me,
            ["me", "sync"] => Self::Sync,
            ["me", "sights"] => Self::Sights,
            ["me", "devices"] => Self::Devices,
            ["me", "calendar"] => Self::Calendar,
            ["staff"] => Self::Today,
            ["staff", "slots"] => Self::Slots,
            ["staff", "interviews"] => Self::Interviews,
            ["staff", "interviews", id] => Self::Interview(id.parse().ok()?),
            ["staff", "promises"] => Self::Promises,
            ["staff", "events"] => Self::Plans,
            ["staff", "events", "new"] => Self::NewPlan(asked(query, "from=")),
            ["staff", "events", id] => Self::Plan(id.parse().ok()?),
            ["staff", "events", id, "edit"] => Self::EditPlan(id.parse().ok()?),
            ["staff", "events", id, "door"] => Self::Door(id.parse().ok()?),
            ["staff", "people"] => Self::People,
            ["staff", "people", "import"] => Self::Import,
            ["staff", "courses"] => Self::StaffCourses,
            ["staff", "courses", id] => Self::StaffCourse(id.parse().ok()?),
            ["staff", "subsidies"] => Self::Subsidies,
            ["staff", "settings"] => Self::Settings,
            _ => return None,
        })
    }

    /// The path, with its query.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".into(),
            Self::Bookings => "/booking".into(),
            Self::Host(id, None) => format!("/booking/host/{id}"),
            Self::Host(id, Some(booking)) => format!("/booking/host/{id}?move={booking}"),
            Self::Booking(id) => format!("/booking/{id}"),
            Self::Events => "/event".into(),
            Self::Event(id) => format!("/event/{id}"),
            Self::Faq => "/faq".into(),
            Self::Courses => "/learn".into(),
            Self::Course(id) => format!("/learn/{id}"),
            Self::Lesson(course, id) => format!("/learn/{course}/{id}"),
            Self::Play(course, id) => Self::Lesson(*course, *id).path() + "/play",
            Self::Me => "/me".into(),
            Self::Sync => "/me/sync".into(),
            Self::Sights => "/me/sights".into(),
            Self::Devices => "/me/devices".into(),
            Self::Calendar => "/me/calendar".into(),
            Self::Today => "/staff".into(),
            Self::Slots => "/staff/slots".into(),
            Self::Interviews => "/staff/interviews".into(),
            Self::Interview(id) => format!("/staff/interviews/{id}"),
            Self::Promises => "/staff/promises".into(),
            Self::Plans => "/staff/events".into(),
            Self::NewPlan(None) => "/staff/events/new".into(),
            Self::NewPlan(Some(from)) => format!("/staff/events/new?from={from}"),
            Self::Plan(id) => format!("/staff/events/{id}"),
            Self::EditPlan(id) => format!("/staff/events/{id}/edit"),
            Self::Door(id) => format!("/staff/events/{id}/door"),
            Self::People => "/staff/people".into(),
            Self::Import => "/staff/people/import".into(),
            Self::StaffCourses => "/staff/courses".into(),
            Self::StaffCourse(id) => format!("/staff/courses/{id}"),
            Self::Subsidies => "/staff/subsidies".into(),
            Self::Settings => "/staff/settings".into(),
        }
    }

    /// May somebody of this role open it? Asked by the server before it renders and by the menus.
    #[must_use]
    pub fn is_for(&self, role: Role) -> bool {
        match self {
            Self::Me | Self::Sync | Self::Sights | Self::Devices | Self::Calendar => true,
            Self::Home
            | Self::Bookings
            | Self::Host(..)
            | Self::Booking(_)
            | Self::Events
            | Self::Event(_)
            | Self::Faq
            | Self::Courses
            | Self::Course(_)
            | Self::Lesson(..)
            | Self::Play(..) => role == Role::OfferHolder,
            Self::Today => role.is_staff(),
            Self::Slots | Self::Interviews | Self::Interview(_) => role.is_host(),
            Self::Promises | Self::Plans | Self::Plan(_) | Self::Door(_) => {
                role.is_host() || role.is_hr()
            }
            Self::People
            | Self::Import
            | Self::StaffCourses
            | Self::StaffCourse(_)
            | Self::Subsidies
            | Self::Settings
            | Self::NewPlan(_)
            | Self::EditPlan(_) => role.is_hr(),
        }
    }

    /// Where somebody of this role begins.
    #[must_use]
    pub fn first_of(role: Role) -> Self {
        if role.is_staff() {
            Self::Today
        } else {
            Self::Home
        }
    }

    /// What the tab says.
    #[must_use]
    pub fn title(&self, language: Language) -> &'static str {
        let (ja, en) = match self {
            Self::Home => ("架け橋", "Kakehashi"),
            Self::Bookings | Self::Host(..) | Self::Booking(_) => {
                ("予約 | 架け橋", "Interviews | Kakehashi")
            }
            Self::Events | Self::Event(_) => ("イベント | 架け橋", "Events | Kakehashi"),
            Self::Faq => ("よくある質問 | 架け橋", "Common questions | Kakehashi"),
            Self::Courses | Self::Course(_) | Self::Lesson(..) | Self::Play(..) => {
                ("学ぶ | 架け橋", "Learn | Kakehashi")
            }
            Self::Plans | Self::NewPlan(_) | Self::Plan(_) | Self::EditPlan(_) | Self::Door(_) => {
                ("イベント | 架け橋", "Events | Kakehashi")
            }
            Self::Me | Self::Sights | Self::Devices | Self::Calendar => {
                ("自分 | 架け橋", "Me | Kakehashi")
            }
            Self::Sync => ("送信箱 | 架け橋", "Outbox | Kakehashi"),
            Self::Today => ("今日 | 架け橋", "Today | Kakehashi"),
            Self::Slots => ("枠 | 架け橋", "Slots | Kakehashi"),
            Self::Interviews | Self::Interview(_) => ("面談 | 架け橋", "Interviews | Kakehashi"),
            Self::Promises => ("約束 | 架け橋", "Promises | Kakehashi"),
            Self::People | Self::Import => ("人 | 架け橋", "People | Kakehashi"),
            Self::StaffCourses | Self::StaffCourse(_) => ("講座 | 架け橋", "Courses | Kakehashi"),
            Self::Subsidies => ("補助の申請 | 架け橋", "Subsidies | Kakehashi"),
            Self::Settings => ("設定 | 架け橋", "Settings | Kakehashi"),
        };
        match language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    /// Its content is made by the server for each request and is not in the replica: links to it load the page.
    #[must_use]
    pub fn is_online_only(&self) -> bool {
        matches!(
            self,
            Self::Sights
                | Self::Devices
                | Self::Calendar
                | Self::Play(..)
                | Self::Import
                | Self::StaffCourses
                | Self::StaffCourse(_)
                | Self::Subsidies
        )
    }
}

fn asked<T: std::str::FromStr>(query: &str, name: &str) -> Option<T> {
    query
        .trim_start_matches('?')
        .split('&')
        .find_map(|it| it.strip_prefix(name)?.parse().ok())
}

#[cfg(test)]
mod tests;
