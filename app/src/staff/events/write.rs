//! The form that writes an event: one column, and what sending does beside the button.

use domain::{
    event::{Kind, is_in_term_time},
    id::EventId,
    member::Role,
    refusal::Field,
    sync::mutation::Mutation,
    time::Time,
};
use leptos::prelude::*;

use super::{
    chosen::people,
    fields::{CHOSEN, COHORT, EVERYONE, Fields, It, NO, YES, copied, year_of},
    kind, screen, when,
};
use crate::{
    device::Device,
    page::Page,
    staff::{
        form::{Draft, Form, about, end, heard, select, send_button, tick},
        words::{self, event_form, event_form::Words, events},
    },
    ui::{self, Look},
};

/// Characters of what it is about.
const MOST: usize = 2000;

/// Where the form stands.
#[derive(Clone, Copy)]
struct Desk {
    device: Device,
    form: Form,
    words: &'static Words,
    /// The event that is written anew; none for a new one.
    event: Option<EventId>,
    is_published: bool,
}

/// A new event, perhaps as a copy of another.
pub(in crate::staff) fn new(from: Option<EventId>) -> AnyView {
    let device = Device::here();
    let Some(from) = from else {
        let fields = Fields::new("new", None, device.now.get_untracked());
        let parts = vec![
            ui::back(device.language, Page::Plans.path()),
            ui::title(events::of(device.language).new, ""),
            write(device, None, false, &fields),
        ];
        return ui::el("div", "screen", parts);
    };
    screen(device, from, &Page::Plan(from), move |it| {
        let now = device.now.get_untracked();
        let fields = Fields::new(&format!("copy.{from}"), Some(&copied(&it.plan, now)), now);
        let title = ui::title(events::of(device.language).new, "");
        vec![title, write(device, None, false, &fields)]
    })
}

/// An event that is written anew.
pub(in crate::staff) fn edit(id: EventId) -> AnyView {
    let device = Device::here();
    screen(device, id, &Page::Plan(id), move |it| {
        let now = device.now.get_untracked();
        let fields = Fields::new(&id.to_string(), Some(&it.plan), now);
        let title = it.plan.title.in_language(device.language).to_string();
        vec![
            ui::title(event_form::of(device.language).rewrite, title),
            write(device, Some(id), it.published.is_some(), &fields),
        ]
    })
}

fn write(device: Device, event: Option<EventId>, is_published: bool, fields: &Fields) -> AnyView {
    let desk = Desk {
        device,
        form: Form::new(device.language),
        words: event_form::of(device.language),
        event,
        is_published,
    };
    let parts = vec![
        about_it(desk, fields),
        time(desk, fields),
        venue(desk, fields),
        classes(desk, fields),
        day_of(desk, fields),
        hosts(desk, fields),
        invited(desk, fields),
        consequence(desk, fields),
    ];
    let sent = fields.clone();
    let send = Callback::new(move |()| desk.send(&sent));
    let form = ui::card(None, vec![Form::around(send, parts)]);
    ui::el("div", "event-form", vec![form])
}

impl Desk {
    fn line(
        self,
        fields: &Fields,
        it: It,
        field: Field,
        kind: &'static str,
        [label, hint]: [&'static str; 2],
    ) -> AnyView {
        let name = NAMES[it as usize];
        self.form
            .line(fields.of(it), field, kind, &about(name, label, hint))
    }

    fn area(
        self,
        fields: &Fields,
        it: It,
        field: Field,
        [label, hint]: [&'static str; 2],
    ) -> AnyView {
        let name = NAMES[it as usize];
        self.form
            .area(fields.of(it), field, MOST, &about(name, label, hint))
    }

    fn send(self, fields: &Fields) {
        let Some(edge) = self.form.edge() else { return };
        let event = self
            .event
            .unwrap_or_else(|| EventId::born(edge.now(), edge.chance()));
        let wish = untrack(|| fields.typed(event));
        let checked = wish.and_then(|it| it.checked(edge.now()).map(|_| it));
        let wish = match checked {
            Ok(it) => it,
            Err(no) => return self.form.refuse(&no),
        };
        let fields = fields.clone();
        self.form
            .send(Mutation::WriteEvent(Box::new(wish)), move || {
                fields.forget();
                edge.go(&Page::Plan(event));
            });
    }
}

/// Names of the fields in the page, in the order of [`It`].
const NAMES: [&str; It::Again as usize + 1] = [
    "kind",
    "title",
    "title-en",
    "text",
    "text-en",
    "day",
    "from",
    "last",
    "to",
    "closes",
    "closes-at",
    "minutes",
    "place",
    "map",
    "on-site",
    "link",
    "online",
    "waitlist",
    "bring",
    "bring-en",
    "contact",
    "hosts",
    "invited",
    "year",
    "chosen",
    "recorded",
    "again",
];

/// A part of the form under a heading of its own.
fn part(legend: &'static str, mut parts: Vec<AnyView>) -> AnyView {
    let legend = ui::el("legend", "", vec![ui::text(legend)]);
    parts.insert(0, legend);
    ui::el("fieldset", "event-part", parts)
}

fn pair(one: AnyView, other: AnyView) -> AnyView {
    ui::el("div", "staff-form__pair", vec![one, other])
}

/// Something picked from a list.
fn pick(
    draft: &Draft,
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
) -> AnyView {
    let (text, draft) = (draft.text, draft.clone());
    let pick = Callback::new(move |value| draft.keep(value));
    select(name, label, options, text.into(), pick)
}

/// A box that says yes or no.
fn yes(fields: &Fields, it: It, label: &'static str) -> AnyView {
    let draft = fields.of(it).clone();
    let turn = Callback::new(move |()| {
        let now = if draft.now() == YES { NO } else { YES };
        draft.keep(now.to_owned());
    });
    let name = NAMES[it as usize];
    tick(
        "event-box",
        ("checkbox", name),
        label,
        fields.says(it, YES),
        turn,
    )
}

fn about_it(desk: Desk, fields: &Fields) -> AnyView {
    let (words, language) = (desk.words, desk.device.language);
    let option = |it: Kind| (it.code().to_owned(), kind(language, it).to_owned());
    let kinds = Kind::ALL.into_iter().map(option).collect();
    let english = vec![
        ui::note(words.english_more),
        desk.line(
            fields,
            It::TitleEn,
            Field::Unknown,
            "text",
            [words.title_en, ""],
        ),
        desk.area(fields, It::TextEn, Field::Unknown, [words.text_en, ""]),
        desk.line(
            fields,
            It::BringEn,
            Field::Unknown,
            "text",
            [words.bring_en, ""],
        ),
    ];
    ui::el(
        "div",
        "event-part",
        vec![
            pick(fields.of(It::Kind), NAMES[0], words.kind, kinds),
            desk.line(fields, It::Title, Field::Title, "text", [words.title, ""]),
            desk.area(fields, It::Text, Field::Text, [words.text, words.text_hint]),
            ui::more("", words.english, english),
        ],
    )
}

fn time(desk: Desk, fields: &Fields) -> AnyView {
    let words = desk.words;
    let line = |it, field, kind, about| desk.line(fields, it, field, kind, about);
    part(
        words.time,
        vec![
            pair(
                line(It::Day, Field::First, "date", [words.day, ""]),
                line(It::Last, Field::Last, "date", [words.last, words.last_hint]),
            ),
            pair(
                line(It::From, Field::From, "time", [words.from, ""]),
                line(It::To, Field::To, "time", [words.to, ""]),
            ),
            pair(
                line(
                    It::Closes,
                    Field::Closes,
                    "date",
                    [words.closes, words.closes_hint],
                ),
                line(It::ClosesAt, Field::Unknown, "time", [words.closes_at, ""]),
            ),
            line(
                It::Minutes,
                Field::Minutes,
                "number",
                [words.minutes, words.minutes_hint],
            ),
        ],
    )
}

fn venue(desk: Desk, fields: &Fields) -> AnyView {
    let words = desk.words;
    let line = |it, field, kind, about| desk.line(fields, it, field, kind, about);
    part(
        words.venue,
        vec![
            ui::note(words.venue_more),
            line(It::Place, Field::Place, "text", [words.place, ""]),
            pair(
                line(
                    It::OnSite,
                    Field::OnSite,
                    "number",
                    [words.on_site, words.seats_hint],
                ),
                line(It::Map, Field::Map, "url", [words.map, ""]),
            ),
            line(It::Link, Field::Link, "url", [words.link, words.link_hint]),
            line(
                It::Online,
                Field::Online,
                "number",
                [words.online, words.seats_hint],
            ),
            yes(fields, It::Waitlist, words.waitlist),
            ui::note(words.waitlist_more),
        ],
    )
}

/// Whether it keeps people from classes is said while the times are typed, not only when it is sent.
fn classes(desk: Desk, fields: &Fields) -> AnyView {
    let words = desk.words;
    let followed = fields.clone();
    let is_hit = Memo::new(move |_| {
        followed
            .times()
            .is_ok_and(|[starts, ends, _]| starts < ends && is_in_term_time(starts, ends))
    });
    let hint = ui::live(move || {
        vec![if is_hit.get() {
            ui::p("event-hint", words.classes_hit)
        } else {
            ui::note(words.classes_none)
        }]
    });
    part(
        words.classes,
        vec![
            heard(hint),
            yes(fields, It::Recorded, words.recorded),
            desk.line(
                fields,
                It::Again,
                Field::Again,
                "text",
                [words.again, words.again_hint],
            ),
        ],
    )
}

fn day_of(desk: Desk, fields: &Fields) -> AnyView {
    let words = desk.words;
    let bring = [words.bring, words.bring_hint];
    let contact = [words.contact, words.contact_hint];
    part(
        words.about,
        vec![
            desk.line(fields, It::Bring, Field::Bring, "text", bring),
            desk.line(fields, It::Contact, Field::Contact, "text", contact),
        ],
    )
}

fn hosts(desk: Desk, fields: &Fields) -> AnyView {
    let name = ("hosts", Field::Hosts);
    let boxes = people(
        desk.device,
        desk.form,
        name,
        fields.of(It::Hosts),
        Role::is_host,
    );
    part(
        desk.words.hosts,
        vec![ui::note(desk.words.hosts_more), boxes],
    )
}

fn invited(desk: Desk, fields: &Fields) -> AnyView {
    let words = desk.words;
    let way = |value: &'static str, label: &'static str| {
        let draft = fields.of(It::Invited).clone();
        let turn = Callback::new(move |()| draft.keep(value.to_owned()));
        let is_it = fields.says(It::Invited, value);
        tick("event-box", ("radio", "invited"), label, is_it, turn)
    };
    let this = year_of(desk.device.now.get_untracked().day());
    let mut years = vec![this, this + 1, this + 2];
    let before = fields.of(It::Year).text.get_untracked();
    if let Ok(before) = before.parse()
        && !years.contains(&before)
    {
        years.insert(0, before);
    }
    let option = |it: i32| (it.to_string(), (words.of_year)(it));
    let years = years.into_iter().map(option).collect();
    let year = pick(fields.of(It::Year), "year", words.year, years);
    let is_holder = |it| it == Role::OfferHolder;
    let name = ("chosen", Field::Invited);
    let chosen = people(
        desk.device,
        desk.form,
        name,
        fields.of(It::Chosen),
        is_holder,
    );
    let (is_cohort, is_chosen) = (
        fields.says(It::Invited, COHORT),
        fields.says(It::Invited, CHOSEN),
    );
    part(
        words.invited,
        vec![
            way(EVERYONE, words.everyone),
            way(COHORT, words.cohort),
            ui::shown_while(move || is_cohort.get(), year),
            way(CHOSEN, words.chosen),
            ui::shown_while(move || is_chosen.get(), chosen),
        ],
    )
}

/// What sending does, and the button.
fn consequence(desk: Desk, fields: &Fields) -> AnyView {
    let (words, language) = (desk.words, desk.device.language);
    let followed = fields.clone();
    let asks = move || -> Option<(Time, Time, u16)> {
        let [starts, ends, _] = followed.times().ok()?;
        let minutes = followed.minutes(starts, ends).ok()?;
        (starts < ends && minutes > 0).then_some((starts, ends, minutes))
    };
    let said = ui::live(move || {
        let does = if desk.is_published {
            words.saves
        } else {
            words.saves_draft
        };
        let mut parts = vec![ui::p("", does)];
        if let Some((starts, ends, minutes)) = asks() {
            let asks = (words.asks)(&when(language, starts, ends), minutes);
            parts.insert(0, ui::p("staff-form__opens", asks));
        }
        parts
    });
    let label = if desk.is_published {
        words.save
    } else {
        words.save_draft
    };
    let undone = fields.clone();
    let undo = Callback::new(move |()| undone.forget());
    let leave = desk.event.map_or(Page::Plans, Page::Plan);
    let buttons = vec![
        send_button(ui::text(label)),
        ui::link_button(Look::Plain, words::of(language).never_mind, leave.path()),
        ui::button(Look::Plain, words.discard, undo),
    ];
    end(said, vec![desk.form.answer(), ui::row(buttons)])
}
