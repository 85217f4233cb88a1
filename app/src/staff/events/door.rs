//! The door: who is here. Made for a phone in one hand, with or without a signal.

use domain::{
    event::{CheckIn, EventPlan, Guest, GuestId, Reply, typed_code},
    id::{EventId, MemberId},
    refusal::{Field, Refusal},
    sync::{mutation::Mutation, replica::Seen},
};
use leptos::prelude::*;

use super::{
    guests::{attended, of_event, reply},
    screen, when,
};
use crate::{
    device::{Device, edge},
    order,
    page::Page,
    staff::{
        form::{Draft, Form, about, act_button, heard},
        lines::{line, lines, mark, more, more_button, name_of, strong},
        search::folded,
        words::{self, events},
    },
    ui::{self, Any, Look},
};

/// Guests drawn at once.
const STEP: usize = 100;

/// Where the camera is shown.
const VIDEO: &str = "video.event-camera";

/// The camera at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Camera {
    Closed,
    Open,
    /// There is none, or the person did not allow it.
    Missing,
}

/// What was read at the door last.
#[derive(Clone, Copy)]
struct Last {
    /// Whose code; empty for nobody's.
    member: RwSignal<String>,
    /// They were in already.
    was_in: RwSignal<bool>,
}

/// The door of one event.
pub(in crate::staff) fn door(id: EventId) -> AnyView {
    let device = Device::here();
    screen(device, id, &Page::Plan(id), move |it| here(device, it))
}

fn here(device: Device, it: &EventPlan) -> Vec<AnyView> {
    let (language, id) = (device.language, it.id);
    let words = events::of(language);
    let form = Form::new(language);
    let typed = Draft::new("", "");
    let last = Last {
        member: RwSignal::new(String::new()),
        was_in: RwSignal::new(false),
    };
    // Whatever reads a code hands it to this: the field, a tap on a name, the camera.
    let take = Callback::new(move |code: String| take(device, form, id, &code, last));
    let about_event = format!(
        "{}{}{}",
        it.plan.title.in_language(language),
        words::of(language).dot,
        when(language, it.plan.starts, it.plan.ends)
    );
    let code = about("door-code", words.code, words.code_hint);
    let sent = typed.clone();
    let send = Callback::new(move |()| {
        take.run(sent.now());
        // What was not on the list stays, to be looked at again.
        if !last.member.read_untracked().is_empty() {
            sent.forget("");
        }
    });
    let fields = vec![
        form.line(&typed, Field::Unknown, "text", &code),
        ui::submit(Look::Primary, words.let_in),
        form.answer(),
    ];
    let drawn = RwSignal::new(STEP);
    let door = vec![
        ui::live(move || vec![count(device, id)]),
        // Above the camera: on a phone it is in sight without a hand.
        heard(ui::live(move || said(device, id, last))),
        camera(device, take),
        Form::around(send, fields),
        ui::live(move || list(device, id, &typed.text.read(), take, drawn)),
        ui::note(words.door_lead),
    ];
    vec![
        ui::title(words.door_title, about_event),
        ui::el("div", "event-door stack", door),
    ]
}

/// The camera, or the button that opens it.
fn camera(device: Device, take: Callback<String>) -> AnyView {
    let words = events::of(device.language);
    let camera = RwSignal::new(Camera::Closed);
    let heard = Callback::new(move |code: Option<String>| match code {
        Some(code) => take.run(code),
        None => camera.set(Camera::Missing),
    });
    let open = Callback::new(move |()| {
        camera.set(Camera::Open);
        if let Some(edge) = edge() {
            edge.scan(VIDEO, heard);
        }
    });
    let close = Callback::new(move |()| camera.set(Camera::Closed));
    let opener = move || ui::button(Look::Second, words.camera, open);
    let video = move || {
        let attributes = ui::attributes![
            "class" = "event-camera",
            "aria-label" = words.camera,
            "playsinline" = "",
            "muted" = "",
        ];
        ui::tag("video", attributes, Vec::new())
    };
    ui::live(move || match camera.get() {
        Camera::Closed => vec![opener()],
        Camera::Open => vec![
            video(),
            ui::note(words.camera_note),
            ui::button(Look::Second, words.camera_close, close),
        ],
        Camera::Missing => vec![ui::note(words.camera_missing), opener()],
    })
}

/// Somebody showed this code, or was tapped on the list.
fn take(device: Device, form: Form, event: EventId, code: &str, last: Last) {
    let Some(edge) = form.edge() else { return };
    last.member.set(String::new());
    let code = typed_code(code);
    let guest = device.seen.with_untracked(|seen| {
        let mut guests = of_event(seen, event).into_iter();
        guests.find(|it| it.code.as_deref() == Some(&*code))
    });
    let Some(guest) = guest else {
        return form.refuse(&Refusal::CodeUnknown);
    };
    let member = guest.member.to_string();
    let is_here = move |was_in| {
        last.was_in.set(was_in);
        last.member.set(member);
    };
    if guest.attended.is_some() {
        form.say(String::new());
        return is_here(true);
    }
    let at = edge.now();
    form.send(Mutation::CheckIn(CheckIn { event, code, at }), || ());
    is_here(false);
}

/// Who was let in last, in words and a shape.
fn said(device: Device, id: EventId, last: Last) -> Vec<AnyView> {
    let (language, words) = (device.language, events::of(device.language));
    let Ok(member) = last.member.read().parse::<MemberId>() else {
        return Vec::new();
    };
    device.seen.with(|seen| {
        let id = GuestId(id, member);
        let Some(guest) = seen.view.guests.get(&id) else {
            return Vec::new();
        };
        let Some(at) = guest.attended else {
            return Vec::new();
        };
        let name = name_of(language, &guest.name);
        let text = if last.was_in.get() {
            words.was_in
        } else {
            words.is_in
        };
        let text = text(&name, &at.clock().to_string());
        let mut parts = vec![ui::icon(ui::Icon::Check), ui::p("", text)];
        parts.extend(mark(language, seen.standing("guest", id)));
        // Said anew each time, so that it is read out each time.
        vec![ui::el("div", "event-door__in", parts).anew()]
    })
}

/// 「出席 3/12」: of those who have a place.
fn count(device: Device, id: EventId) -> AnyView {
    let words = events::of(device.language);
    let (here, going) = device.seen.with(|seen| {
        let guests = of_event(seen, id);
        let here = guests.iter().filter(|it| it.attended.is_some()).count();
        let is_going = |it: &&Guest| matches!(it.reply, Reply::Going(_));
        (here, guests.iter().filter(is_going).count())
    });
    let facts = vec![
        (words.attended, ui::text((words.people)(here))),
        (words.going, ui::text((words.people)(going))),
    ];
    ui::el("div", "staff-counts", vec![ui::facts(facts)])
}

/// Those who can be let in, narrowed by what is typed: the beginning of a code, or a part of a name.
fn list(
    device: Device,
    id: EventId,
    typed: &str,
    take: Callback<String>,
    drawn: RwSignal<usize>,
) -> Vec<AnyView> {
    let words = events::of(device.language);
    let seen = device.seen.get();
    let (code, name) = (typed_code(typed), folded(typed));
    let mut guests = of_event(&seen, id);
    guests.retain(|it| {
        it.code.as_ref().is_some_and(|of| {
            folded(&it.name).contains(&name) || (!code.is_empty() && of.starts_with(&code))
        })
    });
    let guests = order::sorted(guests, |it| {
        order::by_name(0, it.name.to_string(), it.member.bits())
    });
    if guests.is_empty() {
        return vec![ui::note(words.no_match)];
    }
    let line = |it: &Guest| guest(device, &seen, (id, it), take);
    let mut parts = vec![lines(guests.iter().take(drawn.get()).map(line).collect())];
    let rest = guests.len().saturating_sub(drawn.get());
    if rest > 0 {
        let label = (words::of(device.language).show_more)(rest.min(STEP));
        parts.push(more_button(label, drawn, STEP));
    }
    parts
}

fn guest(
    device: Device,
    seen: &Seen,
    (id, it): (EventId, &Guest),
    take: Callback<String>,
) -> AnyView {
    let language = device.language;
    let words = events::of(language);
    let act = attended(language, seen, (id, it)).unwrap_or_else(|| {
        let code = it.code.clone().unwrap_or_default();
        let name = (words.let_in_of)(&name_of(language, &it.name));
        let press = Callback::new(move |()| take.run(code.clone()));
        act_button("button", words.let_in, name, press)
    });
    let said = reply(language, it.reply, device.now.get());
    let line = line(
        "staff-line event-guest",
        vec![strong(it.name.to_string()), more(said)],
        vec![act],
    );
    // Two may have one name.
    ui::kept(it.member.to_string(), line)
}
