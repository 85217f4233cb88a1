//! Golden bodies: what phones in drawers say and read. A change here is a promise broken; additions get files of their own.

mod breakouts;
mod courses;
mod events;
mod memos;
mod questions;
mod subsidies;

use std::collections::BTreeSet;

use domain::{
    booking::{
        Ask, Booking, BookingState, Cancel, Cancellation, CloseAvailability, CloseSlot,
        HostSlotState, Limits, Move, OpenAvailability, OpenSlot, Pattern, Place, Wish,
    },
    id::{
        AvailabilityId, BookingId, CorrectionId, DeviceId, HistoryId, MemberId, MutationId,
        PromiseId, SlotId,
    },
    interview::{Correct, Correction, Promised, Record, WriteRecord},
    member::{Host, Me, Person, Role, SetProfile},
    promise::{Keep, Kept, Promise},
    refusal::{Field, Refusal},
    sync::{
        mutation::{Acknowledge, Mutation, Noop},
        row::{About, Company, KINDS, Outcome, Verdict, View},
        wire::{
            Answered, AudienceChanges, Envelope, PROTOCOL, Problem, RowChange, SyncAnswer,
            SyncRequest,
        },
    },
    text::{HttpsLink, Long, Name, Short},
    time::{Time, Weekday},
};
use expect_test::expect_file;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use tests::village::{clock, day};

const AT: Time = Time::from_millis(1_919_894_400_000);

fn member() -> MemberId {
    MemberId::born(AT, 1)
}

fn slot() -> SlotId {
    SlotId::born(AT, 2)
}

fn booking() -> BookingId {
    BookingId::born(AT, 3)
}

fn wish(id: u128) -> MutationId {
    MutationId::born(AT, id)
}

fn place() -> Place {
    serde_json::from_str(r#"{"at":"会議室 A"}"#).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn pattern() -> Pattern {
    Pattern {
        days: vec![Weekday::Tuesday, Weekday::Thursday],
        from: clock(10, 0),
        to: clock(11, 0),
        buffer: 5,
        first: day(2030, 11, 11),
        last: day(2030, 12, 20),
        weekly_cap: Some(6),
    }
}

fn ask() -> Ask {
    let wishes = vec![
        Wish {
            slot: slot(),
            starts: AT,
            place: place(),
        },
        Wish {
            slot: SlotId::born(AT, 9),
            starts: AT,
            place: Place::Online,
        },
    ];
    Ask {
        booking: booking(),
        wishes,
        topic: "配属".into(),
        talk: "話したいこと".into(),
        avoid: "触れてほしくないこと".into(),
    }
}

/// One of each name.
fn mutations() -> Vec<Mutation> {
    let availability = AvailabilityId::born(AT, 4);
    let all = vec![
        Mutation::Ask(ask()),
        Mutation::Cancel(Cancel { booking: booking() }),
        Mutation::Move(Move {
            booking: booking(),
            wishes: ask().wishes,
        }),
        Mutation::OpenAvailability(OpenAvailability {
            availability,
            pattern: pattern(),
            place: "会議室 A".into(),
            link: String::new(),
            note: "3階".into(),
        }),
        Mutation::CloseAvailability(CloseAvailability { availability }),
        Mutation::OpenSlot(OpenSlot {
            slot: slot(),
            starts: AT,
            place: String::new(),
            link: "https://meet.example.jp/x".into(),
            note: String::new(),
        }),
        Mutation::CloseSlot(CloseSlot {
            slot: slot(),
            word: "急用のため".into(),
        }),
        Mutation::WriteRecord(WriteRecord {
            booking: booking(),
            said: "東京の希望".into(),
            next: "資料".into(),
            promises: vec![Promised {
                id: PromiseId::born(AT, 5),
                text: "資料を送る".into(),
                due: day(2030, 11, 29),
            }],
        }),
        Mutation::Correct(Correct {
            booking: booking(),
            correction: CorrectionId::born(AT, 6),
            text: "大阪も".into(),
        }),
        Mutation::Keep(Keep {
            promise: PromiseId::born(AT, 5),
        }),
        Mutation::SetProfile(SetProfile {
            talks_about: Some("入社前の不安".into()),
        }),
        Mutation::SetLimits(Limits::default()),
        Mutation::Acknowledge(Acknowledge { mutation: wish(7) }),
        Mutation::Noop(Noop {}),
    ];
    let later = [
        events::mutations(),
        breakouts::mutations(),
        questions::mutations(),
        memos::mutations(),
        courses::mutations(),
        subsidies::mutations(),
    ]
    .concat();
    let names: BTreeSet<_> = all.iter().chain(&later).map(Mutation::name).collect();
    assert_eq!(
        names,
        Mutation::NAMES.iter().copied().collect(),
        "every name has its golden body"
    );
    all
}

fn request() -> SyncRequest {
    let envelope = |(n, it): (u64, &Mutation)| Envelope {
        n,
        id: wish(100 + u128::from(n)),
        at: AT,
        name: it.name().into(),
        body: it.body(),
    };
    SyncRequest {
        protocol: PROTOCOL,
        build: "0123456789abcdef".into(),
        device: DeviceId::random(8),
        cursor: Some("CURSOR".into()),
        mutations: (1..).zip(&mutations()).map(envelope).collect(),
        want: vec!["people".into()],
        reset: vec!["holders".into()],
        check: true,
    }
}

fn raw(it: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(it).unwrap()
}

/// One of each kind of row.
#[expect(
    clippy::too_many_lines,
    reason = "one of each kind, one after the other"
)]
fn rows() -> Vec<RowChange> {
    let cancelled = BookingState::Cancelled(Cancellation {
        by: member(),
        at: AT,
        word: None,
    });
    let held = Booking {
        id: booking(),
        slot: slot(),
        host: member(),
        host_name: name("森 美緒"),
        starts: AT,
        place: place(),
        link: Some(HttpsLink::new("https://meet.example.jp/x").unwrap()),
        topic: Some(Short::new("配属").unwrap()),
        talk: None,
        avoid: None,
        state: BookingState::Booked,
        sequence: 1,
        at: AT,
        ics: "BEGIN:VCALENDAR".into(),
    };
    let other_side = serde_json::json!({"id": booking(), "slot": slot(), "member": member(), "member_name": "青井 葵", "starts": AT, "place": place(), "state": cancelled, "sequence": 2});
    let me = Me {
        id: member(),
        name: name("青井 葵"),
        role: Role::OfferHolder,
        team: None,
        joining: Some(day(2031, 4, 1)),
        since: day(2030, 11, 5),
        talks_about: None,
    };
    let host = Host {
        id: member(),
        name: name("森 美緒"),
        role: Role::Mentor,
        team: Some(name("開発部")),
        talks_about: Some(Short::new("不安").unwrap()),
    };
    let record = Record {
        booking: booking(),
        by: member(),
        by_name: name("森 美緒"),
        said: Long::new("東京の希望").unwrap(),
        next: None,
        at: AT,
        corrections: vec![Correction {
            id: CorrectionId::born(AT, 6),
            text: Long::new("大阪も").unwrap(),
            at: AT,
        }],
    };
    let promise = Promise {
        id: PromiseId::born(AT, 5),
        member: member(),
        member_name: name("青井 葵"),
        by: member(),
        by_name: name("森 美緒"),
        booking: booking(),
        text: Short::new("資料を送る").unwrap(),
        due: day(2030, 11, 29),
        kept: Some(Kept {
            by: member(),
            at: AT,
        }),
    };
    let person = Person {
        id: member(),
        name: name("青井 葵"),
        kana: Some(name("あおい あおい")),
        role: Role::OfferHolder,
        school: None,
        faculty: None,
        graduation_year: Some(2031),
        team: None,
        joining: None,
    };
    let no = Refusal::SlotTaken {
        nearest: vec![slot()],
    };
    let outcome = Outcome {
        mutation: wish(7),
        verdict: Verdict::Refused(no),
        about: About::Ask(ask()),
        at: AT,
    };
    let availability = AvailabilityId::born(AT, 4);
    let own = format!("p:{}", member());
    let bodies: Vec<(&str, String, &str, Option<Box<RawValue>>)> = vec![
        ("me", member().to_string(), &own, Some(raw(&me))),
        (
            "company",
            "only".into(),
            "all",
            Some(raw(&Company {
                name: name("架け橋商事"),
                limits: Limits::default(),
            })),
        ),
        ("host", member().to_string(), "holders", Some(raw(&host))),
        (
            "slot",
            slot().to_string(),
            "holders",
            Some(raw(
                &serde_json::json!({"id": slot(), "host": member(), "starts": AT, "place": Place::Online, "note": "3階"}),
            )),
        ),
        ("booking", booking().to_string(), &own, Some(raw(&held))),
        (
            "availability",
            availability.to_string(),
            "hr",
            Some(raw(
                &serde_json::json!({"id": availability, "host": member(), "pattern": pattern(), "place": place()}),
            )),
        ),
        (
            "host_slot",
            slot().to_string(),
            "hr",
            Some(raw(
                &serde_json::json!({"id": slot(), "host": member(), "starts": AT, "place": place(), "state": HostSlotState::Taken(booking())}),
            )),
        ),
        (
            "host_booking",
            booking().to_string(),
            &own,
            Some(raw(&other_side)),
        ),
        ("record", booking().to_string(), &own, Some(raw(&record))),
        (
            "promise",
            PromiseId::born(AT, 5).to_string(),
            &own,
            Some(raw(&promise)),
        ),
        ("outcome", wish(7).to_string(), &own, Some(raw(&outcome))),
        ("person", member().to_string(), "people", Some(raw(&person))),
        ("slot", SlotId::born(AT, 9).to_string(), "holders", None),
    ];
    let rows: Vec<_> = (1..)
        .zip(bodies)
        .map(|(seq, (kind, id, audience, body))| {
            RowChange(kind.into(), id.into(), seq, audience.into(), body)
        })
        .collect();
    let later = [
        events::rows(),
        breakouts::rows(),
        questions::rows(),
        memos::rows(),
        courses::rows(),
        subsidies::rows(),
    ]
    .concat();
    let kinds: BTreeSet<_> = rows
        .iter()
        .chain(&later)
        .map(|it| it.0.to_string())
        .collect();
    assert_eq!(
        kinds,
        KINDS.iter().map(ToString::to_string).collect(),
        "every kind has its golden row"
    );
    rows
}

fn answer() -> SyncAnswer {
    SyncAnswer {
        history: HistoryId::random(10),
        now: AT,
        cursor: "CURSOR".into(),
        more: true,
        next_ms: 300_000,
        last: 2,
        outcomes: vec![
            Answered {
                n: 1,
                id: wish(101),
                refusal: None,
            },
            Answered {
                n: 2,
                id: wish(102),
                refusal: Some(Refusal::FieldLong {
                    field: Field::Topic,
                    most: 80,
                }),
            },
        ],
        audiences: AudienceChanges {
            enter: vec!["holders".into()],
            leave: vec!["hr".into()],
        },
        rows: rows(),
        check: Some([("all".into(), (1, 42))].into()),
    }
}

fn problems() -> Vec<Problem> {
    vec![
        Problem::NotYours,
        Problem::Disabled,
        Problem::Forked,
        Problem::Gap { last: 4 },
        Problem::History,
        Problem::Malformed { n: 5 },
        Problem::Outdated {
            outcomes: answer().outcomes,
        },
    ]
}

fn written(it: &impl Serialize) -> String {
    // One row a line: a change is seen at a glance.
    serde_json::to_string_pretty(&serde_json::to_value(it).unwrap()).unwrap() + "\n"
}

/// What was added is written as its golden files say, which are of this name.
fn as_they_did(name: &str, mutations: &[Mutation], rows: &[RowChange]) {
    let mutations: Vec<_> = mutations.iter().map(|it| (it.name(), it.body())).collect();
    let file = |part: &str| expect_file![format!("./{name}_{part}.json")];
    file("mutations").assert_eq(&written(&mutations));
    file("rows").assert_eq(&written(&rows));
}

/// What was added is read from its golden files: these mutations, and rows, as a phone shows them.
fn as_they_were(name: &str, mutations: &[Mutation]) -> View {
    let folder = tests::folder::root().join("tests/it/wire");
    let text = |part: &str| std::fs::read_to_string(folder.join(format!("{name}_{part}.json")));
    let written: Vec<(String, Box<RawValue>)> =
        serde_json::from_str(&text("mutations").unwrap()).unwrap();
    assert_eq!(written.len(), mutations.len());
    for ((name, body), mutation) in written.iter().zip(mutations) {
        assert_eq!(Mutation::read(name, body).as_ref(), Ok(mutation), "{name}");
    }
    let rows: Vec<RowChange> = serde_json::from_str(&text("rows").unwrap()).unwrap();
    let mut view = View::default();
    for RowChange(kind, id, _, _, body) in &rows {
        let body = body.as_ref().expect("a body");
        assert!(view.put(kind, id, body.get()), "a {kind} cannot be read");
    }
    view
}

fn read<T: DeserializeOwned + Serialize>(file: &str) -> T {
    let path = tests::folder::root().join("tests/it/wire").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let value: T = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{file} of protocol 1 cannot be read any more: {error}"));
    assert_eq!(
        written(&value),
        text,
        "{file}: what was read is not what is written"
    );
    value
}

/// Today's types write what protocol 1 wrote.
#[test]
fn todays_types_write_protocol_1() {
    expect_file!["./request.json"].assert_eq(&written(&request()));
    expect_file!["./answer.json"].assert_eq(&written(&answer()));
    expect_file!["./problems.json"].assert_eq(&written(&problems()));
}

/// Today's types read what protocol 1 wrote, to the last field.
#[test]
fn todays_types_read_protocol_1() {
    let request: SyncRequest = read("request.json");
    for envelope in &request.mutations {
        let mutation = Mutation::read(&envelope.name, &envelope.body)
            .unwrap_or_else(|_| panic!("{} cannot be read", envelope.name));
        let shape = |it: &RawValue| serde_json::from_str::<serde_json::Value>(it.get()).unwrap();
        assert_eq!(
            shape(&mutation.body()),
            shape(&envelope.body),
            "{}",
            envelope.name
        );
    }
    let answer: SyncAnswer = read("answer.json");
    let mut view = View::default();
    for row in answer.rows.iter().filter(|it| it.4.is_some()) {
        assert!(
            view.put(&row.0, &row.1, row.4.as_ref().unwrap().get()),
            "a {} cannot be read",
            row.0
        );
    }
    assert!(!read::<Vec<Problem>>("problems.json").contains(&Problem::Unknown));
}

/// What a newer server says is met without harm: unknown fields, refusals, problems and kinds.
#[test]
fn what_is_newer_is_met_without_harm() {
    let newer: SyncAnswer = serde_json::from_str(
        r#"{"history":"000000000000000000000A","now":1,"cursor":"c","next_ms":1,"last":0,"mood":"calm",
            "outcomes":[{"n":1,"id":"000000000000000000000B","refusal":{"code":"moon_phase","of":"full"}}],
            "rows":[["weather","today",1,"all",{"sun":true}]]}"#,
    )
    .unwrap();
    assert_eq!(newer.outcomes[0].refusal, Some(Refusal::Unknown));
    assert!(!View::default().put("weather", "today", "{}"));
    assert_eq!(
        serde_json::from_str::<Problem>(r#"{"problem":"eclipse","until":5}"#).unwrap(),
        Problem::Unknown
    );
}
