//! The cast: the same few people in every test, so that a failing one reads like a story.

use domain::{
    id::MemberId,
    member::Role,
    time::{Clock, Day, MINUTE, Time},
};

/// One of the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// What the tests call them; their address is `key@example.jp`.
    pub key: &'static str,
    /// 氏名.
    pub name: &'static str,
    /// ふりがな.
    pub kana: &'static str,
    /// 役割, as a spreadsheet writes it.
    pub role_word: &'static str,
    /// Role.
    pub role: Role,
    /// 所属.
    pub team: &'static str,
}

const fn person(
    key: &'static str,
    name: &'static str,
    kana: &'static str,
    role_word: &'static str,
    role: Role,
    team: &'static str,
) -> Person {
    Person {
        key,
        name,
        kana,
        role_word,
        role,
        team,
    }
}

/// Everybody.
pub const CAST: [Person; 7] = [
    person(
        "kawai",
        "河合 律子",
        "かわい りつこ",
        "管理責任者",
        Role::Owner,
        "人事部",
    ),
    person("sato", "佐藤 健", "さとう けん", "人事", Role::Hr, "人事部"),
    person(
        "mio",
        "森 美緒",
        "もり みお",
        "メンター",
        Role::Mentor,
        "開発部",
    ),
    person(
        "doi",
        "土井 恵",
        "どい めぐみ",
        "相談員",
        Role::DeskOfficer,
        "総務部",
    ),
    person(
        "aoi",
        "青井 葵",
        "あおい あおい",
        "内定者",
        Role::OfferHolder,
        "",
    ),
    person(
        "ren",
        "蓮見 蓮",
        "はすみ れん",
        "内定者",
        Role::OfferHolder,
        "",
    ),
    person(
        "mei",
        "王 芽衣",
        "おう めい",
        "内定者",
        Role::OfferHolder,
        "",
    ),
];

/// Somebody of the cast.
///
/// # Panics
/// When nobody is called so.
#[must_use]
pub fn cast(key: &str) -> &'static Person {
    CAST.iter()
        .find(|it| it.key == key)
        .unwrap_or_else(|| panic!("nobody here is called {key}"))
}

impl Person {
    /// Their address.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@example.jp", self.key)
    }

    /// A fixed id, for the towns whose people are put there directly.
    #[must_use]
    pub fn id(&self) -> MemberId {
        let at = CAST.iter().position(|it| it.key == self.key).unwrap_or(0);
        MemberId::born(opening(), 0x5EED_0000 + at as u128)
    }
}

/// When every town wakes up: Tuesday 2030-11-05, 09:00 in Tokyo.
#[must_use]
pub fn opening() -> Time {
    day(2030, 11, 5).at(clock(9, 0))
}

/// A day of the calendar.
///
/// # Panics
/// When there is no such day.
#[must_use]
pub fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_date(year, month, day).expect("a day of the calendar")
}

/// A time of day.
///
/// # Panics
/// When there is no such time.
#[must_use]
pub fn clock(hour: u16, minute: u16) -> Clock {
    Clock::new(hour, minute).expect("a time of day")
}

/// When a slot begins that the tests call `tue-1000`: in the week after the opening, so that nothing is too soon.
/// `tue+2-1000` is two weeks later; what follows an `@` says whose it is and has no part in it.
///
/// # Panics
/// When the name is none.
#[must_use]
pub fn starts(name: &str) -> Time {
    let name = name.split('@').next().unwrap_or(name);
    let (day, time) = name
        .rsplit_once('-')
        .unwrap_or_else(|| panic!("{name} is not a slot like tue-1000"));
    let (day, weeks) = day.split_once('+').map_or((day, 0), |(day, weeks)| {
        (day, weeks.parse::<i32>().expect("weeks"))
    });
    let at = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .position(|it| *it == day)
        .expect("a day of the week");
    let minutes: u16 = time.parse().expect("a time such as 1000");
    let monday = opening().day().monday().plus(7 * (1 + weeks));
    monday
        .plus(i32::try_from(at).expect("below seven"))
        .at(clock(0, 0))
        + i64::from(minutes / 100 * 60 + minutes % 100) * MINUTE
}

/// The cast as a spreadsheet writes it.
#[must_use]
pub fn people_csv() -> String {
    let mut csv = String::from("氏名,ふりがな,メール,役割,所属\n");
    for it in CAST {
        csv.push_str(&format!(
            "{},{},{},{},{}\n",
            it.name,
            it.kana,
            it.email(),
            it.role_word,
            if it.team.is_empty() { "" } else { it.team }
        ));
    }
    csv
}
