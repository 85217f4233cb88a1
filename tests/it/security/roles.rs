//! Doing what is another's to do: with their ids, with mutations of another role, with fields that nobody asked for.

use domain::{
    booking::{
        Ask, Cancel, CloseAvailability, CloseSlot, Limits, Move, OpenAvailability, OpenSlot, Wish,
    },
    breakout::GroupEvent,
    event::{CancelEvent, CheckIn, Invited, PublishEvent, RemoveGuest, ReplyTo, WriteMemo},
    id::{
        AvailabilityId, BookingId, CorrectionId, CourseId, EventId, LessonId, PromiseId,
        QuestionId, SlotId, SubsidyId,
    },
    interview::{Correct, Promised, WriteRecord},
    learning::{Enroll, Enrollment, Progress, Study},
    member::SetProfile,
    promise::Keep,
    question::{AnswerQuestion, AskQuestion, WithdrawQuestion},
    subsidy::{AskSubsidy, Fee, WithdrawSubsidy},
    sync::mutation::{Acknowledge, Noop},
    text::Short,
    time::HOUR,
};
use tests::{
    gathering::{HERE, dinner},
    village::starts,
};

use super::*;

/// Aoi's interview with Mio, talked through, with a record and a promise.
struct Story {
    booking: BookingId,
    promise: PromiseId,
    slot: SlotId,
    /// For Aoi alone, with Mio there.
    dinner: EventId,
    code: String,
    question: QuestionId,
}

async fn talked(town: &Town) -> Story {
    town.open("mio", ["tue-1000", "thu-1000"]).await;
    let aoi = town.loaded_phone_of("aoi").await;
    let booking = aoi.ask_for(["tue-1000"]).await;
    town.move_to(starts("tue-1000") + HOUR);
    let promise = PromiseId::born(town.now(), town.chance());
    let promises = vec![Promised {
        id: promise,
        text: "資料を送る".into(),
        due: town.now().day().plus(7),
    }];
    let mio = town.loaded_phone_of("mio").await;
    mio.wish(Mutation::WriteRecord(WriteRecord {
        booking,
        said: "東京".into(),
        next: String::new(),
        promises,
    }))
    .await;
    assert_eq!(mio.refusals(), Vec::<String>::new());
    let invited = Invited::Chosen(vec![cast("aoi").id()]);
    let hosts = vec![cast("mio").id()];
    let dinner = town
        .invite_to_dinner(5, |it| {
            (it.invited, it.hosts, it.starts) = (invited, hosts, starts("fri+1-1830"))
        })
        .await;
    aoi.sync().await;
    aoi.answer(dinner, HERE).await;
    let question = aoi
        .ask_about(town, dinner, "服装は自由ですか。", false)
        .await;
    Story {
        question,
        code: aoi.door_code(dinner),
        dinner,
        booking,
        promise,
        slot: town.slot("thu-1000").id,
    }
}

#[expect(clippy::too_many_lines, reason = "one of each, one after the other")]
/// One of each mutation, about what belongs to Aoi and Mio.
fn everything(town: &Town, story: &Story) -> Vec<Mutation> {
    let now = town.now();
    let slot = town.slot("thu-1000");
    let wish = Wish {
        slot: slot.id,
        starts: slot.starts,
        place: slot.place,
    };
    let pattern = serde_json::from_value(serde_json::json!({
        "days": ["friday"], "from": 600, "to": 660, "buffer": 0,
        "first": now.day().number(), "last": now.day().plus(14).number(),
    }))
    .unwrap();
    let booking = story.booking;
    let all = vec![
        Mutation::Ask(Ask {
            booking,
            wishes: vec![wish.clone()],
            topic: String::new(),
            talk: String::new(),
            avoid: String::new(),
        }),
        Mutation::Cancel(Cancel { booking }),
        Mutation::Move(Move {
            booking,
            wishes: vec![wish],
        }),
        Mutation::OpenAvailability(OpenAvailability {
            availability: AvailabilityId::born(now, town.chance()),
            pattern,
            place: "会議室 A".into(),
            link: String::new(),
            note: String::new(),
        }),
        Mutation::CloseAvailability(CloseAvailability {
            availability: AvailabilityId::born(now, town.chance()),
        }),
        Mutation::OpenSlot(OpenSlot {
            slot: SlotId::born(now, town.chance()),
            starts: starts("fri-1400"),
            place: "会議室 A".into(),
            link: String::new(),
            note: String::new(),
        }),
        Mutation::CloseSlot(CloseSlot {
            slot: story.slot,
            word: "急用".into(),
        }),
        Mutation::WriteRecord(WriteRecord {
            booking,
            said: "書き換え".into(),
            next: String::new(),
            promises: Vec::new(),
        }),
        Mutation::Correct(Correct {
            booking,
            correction: CorrectionId::born(now, town.chance()),
            text: "書き換え".into(),
        }),
        Mutation::Keep(Keep {
            promise: story.promise,
        }),
        Mutation::SetProfile(SetProfile {
            talks_about: Some("書き換え".into()),
        }),
        Mutation::SetLimits(Limits {
            member_ahead: 99,
            ..Limits::default()
        }),
        Mutation::Reply(ReplyTo {
            event: story.dinner,
            answer: HERE,
            is_named: false,
        }),
        Mutation::WriteEvent(Box::new(dinner(story.dinner, 9, starts("fri-1830")))),
        Mutation::PublishEvent(PublishEvent {
            event: story.dinner,
        }),
        Mutation::RemoveGuest(RemoveGuest {
            event: story.dinner,
            member: cast("aoi").id(),
            word: "席の都合".into(),
        }),
        Mutation::CheckIn(CheckIn {
            event: story.dinner,
            code: story.code.clone(),
            at: now,
        }),
        Mutation::GroupEvent(GroupEvent {
            event: story.dinner,
            apart: vec![(cast("aoi").id(), cast("ren").id())],
        }),
        Mutation::WriteMemo(WriteMemo {
            event: story.dinner,
            text: "書き換え".into(),
            text_en: String::new(),
            recording: String::new(),
        }),
        Mutation::CancelEvent(CancelEvent {
            event: story.dinner,
            word: "中止".into(),
        }),
        Mutation::AskQuestion(AskQuestion {
            question: QuestionId::random(town.chance()),
            event: story.dinner,
            text: "書き換え".into(),
            is_named: false,
        }),
        Mutation::AnswerQuestion(AnswerQuestion {
            question: story.question,
            answer: "書き換え".into(),
            faq: "書き換え".into(),
        }),
        Mutation::WithdrawQuestion(WithdrawQuestion {
            question: story.question,
        }),
        Mutation::Enroll(Enroll {
            course: CourseId::random(town.chance()),
            enrollment: Enrollment::Declined,
        }),
        Mutation::Study(Study {
            lesson: LessonId::random(town.chance()),
            progress: Progress {
                course: CourseId::random(town.chance()),
                position: 1,
                completed: None,
                attempts: Vec::new(),
            },
        }),
        Mutation::AskSubsidy(AskSubsidy {
            subsidy: SubsidyId::random(town.chance()),
            fee: Fee {
                course: CourseId::random(town.chance()),
                purpose: Short::new("受験料").unwrap(),
                yen: 3_300,
                paid: now.day(),
            },
        }),
        Mutation::WithdrawSubsidy(WithdrawSubsidy {
            subsidy: SubsidyId::random(town.chance()),
        }),
        Mutation::Acknowledge(Acknowledge {
            mutation: MutationId::born(now, town.chance()),
        }),
        Mutation::Noop(Noop {}),
    ];
    assert_eq!(all.len(), Mutation::NAMES.len(), "one of each");
    all
}

both_engines! {
    /// Somebody else's ids in one's own mutations: refused as what is not there, and nothing moves.
    async fn nobody_does_what_is_anothers(town) {
        let story = talked(&town).await;
        // What each role may do of all this, by itself and not about Aoi and Mio.
        let harmless = |name: &str| matches!(name, "noop.v1" | "outcome.acknowledge.v1");
        let may = |key: &str, name: &str| match key {
            // Another offer-holder may ask for the free slot, though not under Aoi's id; that is in the list, too.
            "ren" => false,
            // HR opens slots, closes anybody's and sets the limits; keeps any promise; plans events.
            "sato" => matches!(name, "availability.open.v1" | "slot.open.v1" | "slot.close.v1" | "profile.set.v1" | "limits.set.v1" | "promise.keep.v1")
                || name == "question.answer.v1"
                || name.starts_with("event.") && name != "event.reply.v1" && name != "event.memo.v1",
            _ => false,
        };
        for key in ["ren", "doi", "sato"] {
            for mutation in everything(&town, &story) {
                let name = mutation.name();
                let said = refusals(&town, key, std::slice::from_ref(&mutation)).await;
                let is_granted = said == [None];
                assert_eq!(is_granted, harmless(name) || may(key, name), "{key} {name}: {said:?}");
                if !is_granted {
                    // Who may tell of the dinner is told that it has not begun.
                    let is_ahead = key == "sato" && name == "event.memo.v1";
                    let no = if is_ahead { "event_ahead" } else { "not_there" };
                    assert_eq!(said, [Some(no.to_owned())], "{key} {name}");
                }
            }
            if key != "sato" {
                let moved = "select count(*) from bookings where cancelled_at is not null or sequence > 0";
                assert_eq!(town.count(moved).await, 0, "{key}");
                assert_eq!(town.count("select count(*) from records where said <> '東京'").await, 0, "{key}");
                assert_eq!(town.count("select count(*) from corrections").await, 0, "{key}");
                assert_eq!(town.count("select count(*) from promises where kept_at is not null").await, 0, "{key}");
                assert_eq!(town.count("select count(*) from slots where closed_at is not null").await, 0, "{key}");
                let dinner = "select count(*) from events where cancelled_at is not null or plan like '%\"capacity\":9%'";
                assert_eq!(town.count(dinner).await, 0, "{key}");
                assert_eq!(town.count("select count(*) from rsvps where state <> 'going' or attended_at is not null").await, 0, "{key}");
                assert_eq!(town.count("select count(*) from questions where text = '' or answered_day is not null").await, 0, "{key}");
                assert_eq!(town.count("select count(*) from breakouts").await, 0, "{key}");
                assert_eq!(town.count("select count(*) from members where talks_about = '書き換え'").await, 0, "{key}");
            }
        }
        town.assert_projection_is_rebuild().await;
    }

    /// The same through forms: somebody else's booking, correction and outcome are not there.
    async fn no_form_reaches_what_is_anothers(town) {
        let story = talked(&town).await;
        let ren = town.browser_of("ren");
        let before = town.count("select count(*) from bookings where cancelled_at is null").await;
        let forms: [(String, &[(&str, &str)]); 4] = [
            (format!("/booking/{}/cancel", story.booking), &[]),
            (format!("/booking/{}/move", story.booking), &[("wish1", "x")]),
            (format!("/booking/{}/correct", story.booking), &[("text", "書き換え")]),
            ("/staff/people/invite".to_owned(), &[]),
        ];
        for (path, fields) in forms {
            let reply = ren.post(&path, fields).await;
            let is_refused = reply.header("location").contains("not%5Fthere") || reply.status == StatusCode::NOT_FOUND || reply.header("location").contains("field");
            assert!(is_refused, "{path}: {} {}", reply.status, reply.header("location"));
        }
        assert_eq!(town.count("select count(*) from bookings where cancelled_at is null").await, before);
        assert_eq!(town.count("select count(*) from corrections").await, 0);
    }

    /// Fields that a mutation does not have change nothing: whose it is says the session alone.
    async fn fields_that_nobody_asked_for_are_nobodys(town) {
        town.open("mio", ["tue-1000"]).await;
        let slot = town.slot("tue-1000");
        let booking = BookingId::born(town.now(), town.chance());
        let mei = cast("mei").id();
        let body = serde_json::json!({
            "booking": booking, "wishes": [{"slot": slot.id, "starts": slot.starts, "place": slot.place}],
            "member": mei, "member_id": mei, "role": "owner", "state": "cancelled", "sequence": 7, "host": mei, "__proto__": {"role": "owner"},
        });
        let id = MutationId::born(town.now(), town.chance());
        let request = serde_json::json!({
            "protocol": PROTOCOL, "device": DeviceId::random(town.chance()), "member": mei, "role": "owner", "signed": {"id": mei},
            "want": ["hr", format!("p:{mei}"), "people", "all"],
            "mutations": [{"n": 1, "id": id, "at": town.now(), "name": "booking.ask.v1", "member": mei, "body": body}],
        });
        let reply = post(&town.browser_of("ren"), serde_json::to_vec(&request).unwrap()).await;
        let answer: SyncAnswer = serde_json::from_slice(&reply.body).unwrap();
        assert!(answer.outcomes[0].refusal.is_none(), "{:?}", answer.outcomes);
        let own = format!("p:{}", cast("ren").id());
        let audiences: std::collections::BTreeSet<String> = answer.rows.iter().map(|it| it.3.to_string()).collect();
        assert!(audiences.iter().all(|it| *it == own || *it == "all" || *it == "holders"), "{audiences:?}");
        let rens = "select count(*) from bookings b join members m on m.id = b.member_id where m.email_key = 'ren@example.jp' and b.sequence = 0 and b.cancelled_at is null";
        assert_eq!((town.count(rens).await, town.count("select count(*) from bookings").await), (1, 1));
        assert_eq!(town.count("select count(*) from members where role = 'owner'").await, 1);
    }

    /// What is opened or promised has a day that calendars know, and lists have an end.
    async fn nothing_grows_without_an_end(town) {
        let story = talked(&town).await;
        let now = town.now();
        let slot = |starts| Mutation::OpenSlot(OpenSlot { slot: SlotId::born(now, town.chance()), starts, place: "A".into(), link: String::new(), note: String::new() });
        let grid = 5 * domain::time::MINUTE;
        let far = [1_831 * domain::time::DAY, 100_000 * domain::time::DAY].map(|it| domain::time::Time::from_millis((now + it).millis() / grid * grid));
        let last = domain::time::Time::from_millis(i64::MAX / grid * grid);
        for starts in far.into_iter().chain([last]) {
            assert_eq!(refusals(&town, "mio", &[slot(starts)]).await, [Some("field_wrong".to_owned())]);
        }
        let rule = |days: usize, first: i32, last: i32| {
            let pattern = serde_json::from_value(serde_json::json!({"days": vec!["monday"; days], "from": 600, "to": 660, "buffer": 0, "first": first, "last": last})).unwrap();
            let availability = AvailabilityId::born(now, town.chance());
            Mutation::OpenAvailability(OpenAvailability { availability, pattern, place: "A".into(), link: String::new(), note: String::new() })
        };
        let today = now.day().number();
        for rule in [rule(8, today, today + 30), rule(1, i32::MAX - 9, i32::MAX), rule(1, today + 1_800, today + 1_840), rule(1, i32::MIN, i32::MAX)] {
            assert_eq!(refusals(&town, "mio", &[rule]).await, [Some("field_wrong".to_owned())]);
        }
        let due = |due| {
            let promises = vec![Promised { id: PromiseId::born(now, town.chance()), text: "約束".into(), due }];
            Mutation::WriteRecord(WriteRecord { booking: story.booking, said: "東京".into(), next: String::new(), promises })
        };
        assert_eq!(refusals(&town, "mio", &[due(domain::time::Day::from_number(i32::MAX))]).await, [Some("field_wrong".to_owned())]);
        let correct = || Mutation::Correct(Correct { booking: story.booking, correction: CorrectionId::born(now, town.chance()), text: "補足".into() });
        let all: Vec<_> = (0..22).map(|_| correct()).collect();
        let said = refusals(&town, "aoi", &all).await;
        assert_eq!(said.iter().filter(|it| it.is_none()).count(), 20, "{said:?}");
        assert_eq!(town.count("select count(*) from corrections").await, 20);
        town.assert_projection_is_rebuild().await;
    }
}
