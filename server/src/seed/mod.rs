//! The demo's company: the cast that tests and screenshots share, two hosts with free times, one interview that lies
//! behind, with its record and a promise, and [`events`].
//!
//! Everything but the people goes through the executor as wishes of the cast, at the hours at which they would have made
//! them; so the demo cannot hold what the product could not have made.

mod events;

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use domain::{
    booking::{Ask, OpenAvailability, Pattern, Place, Wish},
    id::{AvailabilityId, BookingId, DeviceId, MemberId, MutationId, PromiseId, SessionId, SlotId},
    interview::{Promised, WriteRecord},
    member::{Role, SetProfile},
    sync::{
        mutation::{Acknowledge, Mutation},
        wire::Envelope,
    },
    time::{DAY, Day, HOUR, MINUTE, Time, Weekday},
};

use crate::{
    actor::Signed,
    db::{Db, Executor, Push},
    learning, member,
    services::{Clock, Services, chance},
    sync::Feed,
};

/// One of the cast.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// 氏名.
    pub name: &'static str,
    /// Address.
    pub email: &'static str,
    /// Role.
    pub role: Role,
    kana: &'static str,
    role_word: &'static str,
    school: &'static str,
    team: &'static str,
}

/// Everybody in the demo.
pub const CAST: [Person; 7] = [
    person(
        "青井 葵",
        "aoi@example.jp",
        Role::OfferHolder,
        ("あおい あおい", "内定者", "みなと大学", ""),
    ),
    person(
        "蓮見 蓮",
        "ren@example.jp",
        Role::OfferHolder,
        ("はすみ れん", "内定者", "山手工科大学", ""),
    ),
    person(
        "王 芽衣",
        "mei@example.jp",
        Role::OfferHolder,
        ("おう めい", "内定者", "University of Leeds", ""),
    ),
    person(
        "森 美緒",
        "mio@example.jp",
        Role::Mentor,
        ("もり みお", "メンター", "", "開発部"),
    ),
    person(
        "佐藤 健",
        "sato@example.jp",
        Role::Hr,
        ("さとう けん", "人事", "", "人事部"),
    ),
    person(
        "土井 恵",
        "doi@example.jp",
        Role::DeskOfficer,
        ("どい めぐみ", "相談員", "", "総務部"),
    ),
    person(
        "河合 律子",
        "kawai@example.jp",
        Role::Owner,
        ("かわい りつこ", "管理責任者", "", "人事部"),
    ),
];

const fn person(
    name: &'static str,
    email: &'static str,
    role: Role,
    rest: (&'static str, &'static str, &'static str, &'static str),
) -> Person {
    let (kana, role_word, school, team) = rest;
    Person {
        name,
        email,
        role,
        kana,
        role_word,
        school,
        team,
    }
}

/// Days that the past interview lies back, at least.
const BACK: i32 = 9;
/// Eight weeks of free times.
const AHEAD: i32 = 56;

/// Fills an empty database. Does nothing when there is anybody.
///
/// # Errors
/// When a wish of the cast is refused or the database does not answer.
pub async fn fill(services: &Services) -> Result<()> {
    let clock = Clock::set_to(past_interview(services.clock.now()) + -30 * DAY);
    let executor = Executor::start(services.db.clone(), services.feed.clone(), clock.clone());
    if member::is_anybody_here(&services.db).await? {
        return Ok(());
    }
    let sheet = people(services.clock.now());
    let report = member::import_file(
        &services.db,
        &executor,
        sheet.as_bytes(),
        false,
        clock.now(),
    )
    .await
    .map_err(|error| anyhow::anyhow!("the cast cannot move in: {error:?}"))?;
    ensure!(
        report.is_done,
        "the cast cannot move in: {:?}",
        report.problems
    );
    let mut stage = Stage {
        executor,
        clock,
        hands: Vec::new(),
        db: services.db.clone(),
        _feed: services.feed.clone(),
    };
    for person in CAST {
        stage.hands.push(Hand::of(services, person).await?);
    }
    stage.play(services.clock.now()).await
}

/// The cast as a spreadsheet writes it.
fn people(now: Time) -> String {
    let (year, month, _) = now.day().date();
    // Whoever holds an offer now starts in the next April.
    let year = if month >= 4 { year + 1 } else { year };
    let mut csv = String::from("氏名,ふりがな,メール,役割,学校,所属,卒業年,入社予定日\n");
    for it in CAST {
        let (graduation, joining) = match it.role {
            Role::OfferHolder => (format!("{year}"), format!("{year}-04-01")),
            _ => (String::new(), String::new()),
        };
        csv.push_str(&format!(
            "{},{},{},{},{},{},{graduation},{joining}\n",
            it.name, it.kana, it.email, it.role_word, it.school, it.team
        ));
    }
    csv
}

/// The start of the interview that lies behind: a working day, half past three.
fn past_interview(now: Time) -> Time {
    let mut day = now.day().plus(-BACK);
    while day.is_holiday() || matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.plus(-1);
    }
    day.start() + 15 * HOUR + 30 * MINUTE
}

/// A member with a device in the hand.
struct Hand {
    signed: Signed,
    device: DeviceId,
    n: u64,
}

impl Hand {
    async fn of(services: &Services, person: Person) -> Result<Self> {
        let id: MemberId = member::member_of(&services.db, person.email)
            .await?
            .context("one of the cast is missing")?;
        let now = services.clock.now();
        let signed = Signed {
            id,
            role: person.role,
            session: SessionId::born(now, chance()),
        };
        Ok(Self {
            signed,
            device: DeviceId::born(now, chance()),
            n: 0,
        })
    }
}

/// Where the cast acts, at any hour.
struct Stage {
    executor: Executor,
    clock: Clock,
    hands: Vec<Hand>,
    db: Db,
    _feed: Arc<Feed>,
}

impl Stage {
    async fn play(&mut self, now: Time) -> Result<()> {
        let (mio, sato) = (at("mio@example.jp"), at("sato@example.jp"));
        let starts = past_interview(now);
        self.play_past_event(starts + -20 * DAY).await?;
        self.clock.move_to(starts + -3 * DAY);
        self.wish(
            mio,
            talks("開発の仕事のこと、新人のころに困ったこと、なんでも"),
        )
        .await?;
        self.wish(sato, talks("配属、入社までの準備、引っ越しの手当"))
            .await?;
        self.play_past_interview(starts, now).await?;
        self.clock.move_to(now);
        self.play_free_times(now).await?;
        self.play_events(now).await?;
        learning::use_shipped(&self.db, &self.executor, now)
            .await
            .map_err(|error| anyhow::anyhow!("the courses cannot be imported: {error:?}"))
    }

    /// Last week's free times, of which one was taken.
    async fn play_past_interview(&mut self, starts: Time, now: Time) -> Result<()> {
        let (aoi, mio) = (at("aoi@example.jp"), at("mio@example.jp"));
        let day = starts.day();
        let past = AvailabilityId::born(self.clock.now(), chance());
        self.wish(
            mio,
            opening(
                past,
                (day, day),
                (hour(15), hour(16)),
                vec![day.weekday()],
                None,
            ),
        )
        .await?;
        let booking = BookingId::born(self.clock.now(), chance());
        let wish = Wish {
            slot: SlotId::yielded(past, starts),
            starts,
            place: Place::Online,
        };
        let ask = Ask {
            booking,
            wishes: vec![wish],
            topic: "開発部の一日".into(),
            talk: "未経験の言語でも大丈夫か、聞いてみたいです。".into(),
            avoid: String::new(),
        };
        let mutation = self.wish(aoi, Mutation::Ask(ask)).await?;
        self.wish(aoi, Mutation::Acknowledge(Acknowledge { mutation }))
            .await?;
        self.clock.move_to(starts + 40 * MINUTE);
        let record = WriteRecord {
            booking,
            said: "開発部の一日の流れと、入社後の研修について話しました。最初の三か月は、先輩と二人で組みます。未経験の言語でも心配いりません。".into(),
            next: "配属の希望を聞く".into(),
            promises: vec![Promised { id: PromiseId::born(self.clock.now(), chance()), text: "研修の予定表を送る".into(), due: now.day().plus(5) }],
        };
        self.wish(mio, Mutation::WriteRecord(record)).await?;
        Ok(())
    }

    /// The eight weeks that lie ahead.
    async fn play_free_times(&mut self, now: Time) -> Result<()> {
        let (mio, sato) = (at("mio@example.jp"), at("sato@example.jp"));
        let span = (now.day().plus(1), now.day().plus(AHEAD));
        let rule = |at: Time| AvailabilityId::born(at, chance());
        let (tuesdays, others) = (
            vec![Weekday::Tuesday, Weekday::Thursday],
            vec![Weekday::Monday, Weekday::Wednesday, Weekday::Friday],
        );
        self.wish(
            mio,
            opening(rule(now), span, (hour(17), hour(19)), tuesdays, Some(4)),
        )
        .await?;
        self.wish(
            sato,
            opening(rule(now), span, (hour(10), hour(12)), others, None),
        )
        .await?;
        Ok(())
    }

    /// One of the cast acts. A refusal is a fault of the play.
    async fn wish(&mut self, who: usize, mutation: Mutation) -> Result<MutationId> {
        let now = self.clock.now();
        let hand = &mut self.hands[who];
        hand.n += 1;
        let id = MutationId::born(now, chance());
        let envelope = Envelope {
            n: hand.n,
            id,
            at: now,
            name: mutation.name().into(),
            body: mutation.body(),
        };
        let push = Push {
            signed: hand.signed,
            device: hand.device,
            mutations: vec![envelope],
        };
        let pushed = self
            .executor
            .push(push)
            .await
            .map_err(|error| anyhow::anyhow!("the demo cannot be played: {error:?}"))?;
        let refusal = pushed.outcomes.first().and_then(|it| it.refusal.as_ref());
        ensure!(
            pushed.problem.is_none() && refusal.is_none(),
            "{} was refused: {refusal:?}, {:?}",
            mutation.name(),
            pushed.problem
        );
        Ok(id)
    }
}

fn at(email: &str) -> usize {
    CAST.iter().position(|it| it.email == email).unwrap_or(0)
}

/// A moment with this hour in Tokyo.
fn hour(hour: i64) -> Time {
    Day::from_number(0).start() + hour * HOUR
}

fn talks(about: &str) -> Mutation {
    Mutation::SetProfile(SetProfile {
        talks_about: Some(about.into()),
    })
}

/// A weekly rule; only the clock of `hours` counts.
fn opening(
    id: AvailabilityId,
    days: (Day, Day),
    hours: (Time, Time),
    on: Vec<Weekday>,
    weekly_cap: Option<u16>,
) -> Mutation {
    let pattern = Pattern {
        days: on,
        from: hours.0.clock(),
        to: hours.1.clock(),
        buffer: 15,
        first: days.0,
        last: days.1,
        weekly_cap,
    };
    Mutation::OpenAvailability(OpenAvailability {
        availability: id,
        pattern,
        place: String::new(),
        link: "https://meet.example.jp/kakehashi".into(),
        note: String::new(),
    })
}
