//! What protocol 1 learnt with events.

use domain::{
    booking::{Cancellation, Words},
    event::{
        CancelEvent, CheckIn, Edit, Event, EventPlaces, EventPlan, Guest, GuestId, Instead,
        Invited, Kind, Places, PublishEvent, RemoveGuest, Reply, ReplyTo, Rsvp, Way, WriteEvent,
    },
    id::EventId,
    sync::{
        mutation::Mutation,
        row::{About, Outcome, Verdict},
        wire::RowChange,
    },
    text::{HttpsLink, PlaceName, Said, Short},
    time::HOUR,
};
use tests::gathering::{HERE, dinner};

use super::{AT, as_they_did, as_they_were, member, name, raw, wish};

pub(super) fn event() -> EventId {
    EventId::born(AT, 11)
}

fn writing() -> WriteEvent {
    WriteEvent {
        link: "https://meet.example.jp/x".into(),
        online: Some(40),
        hosts: vec![member()],
        invited: Invited::Cohort(2031),
        is_recorded: true,
        again: "11月20日(水) 18:00".into(),
        bring_en: "Your student card".into(),
        text_en: "Dinner.".into(),
        ..dinner(event(), 20, AT + 240 * HOUR)
    }
}

/// One of each name.
pub(super) fn mutations() -> Vec<Mutation> {
    let word = "台風のため".to_owned();
    vec![
        Mutation::Reply(reply()),
        Mutation::WriteEvent(Box::new(writing())),
        Mutation::PublishEvent(PublishEvent { event: event() }),
        Mutation::CancelEvent(CancelEvent {
            event: event(),
            word: word.clone(),
        }),
        Mutation::RemoveGuest(RemoveGuest {
            event: event(),
            member: member(),
            word,
        }),
        Mutation::CheckIn(CheckIn {
            event: event(),
            code: "AB23CD".into(),
            at: AT,
        }),
    ]
}

fn reply() -> ReplyTo {
    ReplyTo {
        event: event(),
        answer: HERE,
        is_named: true,
    }
}

pub(super) fn shown() -> Event {
    let cancelled = Cancellation {
        by: member(),
        at: AT,
        word: Some(Words::new("台風のため").unwrap()),
    };
    let edit = Edit {
        at: AT,
        time: Some((AT, AT + HOUR)),
        place: Some("本社 3階".into()),
        bring: Some(String::new()),
        text: true,
    };
    Event {
        id: event(),
        kind: Kind::Social,
        title: Said {
            ja: Short::new("夕食会").unwrap(),
            en: Some(Short::new("Dinner").unwrap()),
        },
        html: Some(Said {
            ja: "<p>社長と話します。</p>".into(),
            en: None,
        }),
        starts: AT,
        ends: AT + HOUR,
        closes: AT,
        place: Some(PlaceName::new("食堂みなと").unwrap()),
        map: Some(HttpsLink::new("https://maps.example.jp/minato").unwrap()),
        is_online: true,
        minutes: 120,
        bring: Some(Said {
            ja: Short::new("学生証").unwrap(),
            en: None,
        }),
        contact: Some(Short::new("人事 佐藤").unwrap()),
        hosts: vec![name("森 美緒")],
        instead: Some(Instead::Recording),
        has_waitlist: true,
        edits: vec![edit],
        cancelled: Some(cancelled),
        memo: None,
    }
}

pub(super) fn planned() -> EventPlan {
    EventPlan {
        id: event(),
        plan: writing().checked(AT).unwrap(),
        published: Some(AT),
        cancelled: None,
        memo: None,
    }
}

fn places() -> EventPlaces {
    EventPlaces {
        on_site: Some(Places {
            most: Some(20),
            taken: 20,
            waiting: 3,
        }),
        online: Some(Places::default()),
        names: vec![name("青井 葵")],
        maybe: Some(2),
        declined: Some(5),
    }
}

fn rsvp(reply: Reply) -> Rsvp {
    Rsvp {
        event: event(),
        reply,
        is_named: true,
        at: AT,
        code: Some("AB23CD".into()),
        qr: vec![0b111_1111, 0b100_0001],
        link: Some(HttpsLink::new("https://meet.example.jp/x").unwrap()),
        attended: Some(AT),
        word: Some(Words::new("席の都合").unwrap()),
        ics: "BEGIN:VCALENDAR".into(),
    }
}

fn guest() -> Guest {
    Guest {
        member: member(),
        name: name("青井 葵"),
        reply: Reply::Waiting {
            way: Way::OnSite,
            before: 2,
        },
        code: Some("AB23CD".into()),
        attended: Some(AT),
    }
}

/// One of each kind.
pub(super) fn rows() -> Vec<RowChange> {
    let own = format!("p:{}", member());
    let guest_id = GuestId(event(), member()).to_string();
    let outcome = Outcome {
        mutation: wish(12),
        verdict: Verdict::Ok,
        about: About::Reply(reply()),
        at: AT,
    };
    let offered = rsvp(Reply::Offered {
        way: Way::Online,
        until: AT,
    });
    let (going, lapsed) = (rsvp(Reply::Going(Way::OnSite)), rsvp(Reply::Lapsed));
    let id = event().to_string();
    let [second, third] = [12, 13].map(|it| EventId::born(AT, it).to_string());
    let row = |seq, kind: &str, id: &str, audience: &str, body| {
        RowChange(kind.into(), id.into(), seq, audience.into(), Some(body))
    };
    vec![
        row(20, "event", &id, "holders", raw(&shown())),
        row(21, "event_places", &id, "hr", raw(&places())),
        row(22, "rsvp", &id, &own, raw(&offered)),
        row(23, "rsvp", &second, &own, raw(&going)),
        row(24, "rsvp", &third, &own, raw(&lapsed)),
        row(25, "event_plan", &id, "hr", raw(&planned())),
        row(26, "guest", &guest_id, "hr", raw(&guest())),
        row(27, "outcome", &wish(12).to_string(), &own, raw(&outcome)),
    ]
}

#[test]
fn todays_types_write_events_as_they_did() {
    as_they_did("event", &mutations(), &rows());
}

#[test]
fn todays_types_read_events_as_they_were_written() {
    let view = as_they_were("event", &mutations());
    assert_eq!(view.events[&event()], shown());
}
