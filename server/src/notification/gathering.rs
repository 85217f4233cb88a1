//! Mails about events: what happened, to whom, when; and the calendar entry of a place.

use anyhow::Result;
use app::{format, page::Page};
use domain::{
    event::{Entry, Reply, Way},
    id::{EventId, MemberId},
    member::Language,
    time::{HOUR, Time},
};
use serde::{Deserialize, Serialize};

use super::{
    calendar_entry::{Entry as FileEntry, file_of},
    kind_moment,
    mail::Letter,
    words::Writer,
};
use crate::{
    db::{Conn, Turn},
    event::{
        offer_moment,
        queries::{self, EventRow},
        roll::Known,
    },
    job::Job,
};

/// What an offer-holder is told about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gathering {
    /// They are invited.
    Invited,
    /// They have a place.
    Going,
    /// They gave their place up.
    Left,
    /// A place became free and is held for them.
    Offered,
    /// Time or place changed.
    Changed,
    /// It does not take place.
    Cancelled,
    /// Those who plan took them off.
    Removed,
    /// It is tomorrow.
    Reminder,
}

impl Gathering {
    fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Going => "going",
            Self::Left => "left",
            Self::Offered => "offered",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Removed => "removed",
            Self::Reminder => "reminder",
        }
    }
}

/// Tells somebody of an event. `sequence` is that of their reply, or of the event when it is the event that changed.
pub(crate) fn event_later(
    turn: &mut Turn,
    event: EventId,
    member: MemberId,
    sequence: i64,
    what: Gathering,
) -> Result<()> {
    let now = turn.now();
    // What somebody just did is answered at once; what the company begins waits for a kind hour.
    let due = match what {
        Gathering::Going | Gathering::Left => now,
        _ => kind_moment(now),
    };
    later(turn, event, member, sequence, what, due)
}

/// Tells somebody that a place is held for them, and ends that when its time is over: in one transaction with the offer.
pub(crate) fn offer_later(
    turn: &mut Turn,
    event: EventId,
    member: MemberId,
    sequence: i64,
    until: Time,
) -> Result<()> {
    let due = offer_moment(turn.now(), until);
    later(turn, event, member, sequence, Gathering::Offered, due)?;
    offers_end_later(turn, event, until)
}

/// Ends the offers of an event whose time is over by then.
pub(crate) fn offers_end_later(turn: &mut Turn, event: EventId, until: Time) -> Result<()> {
    let key = format!("offers:{event}:{}", until.millis());
    turn.enqueue(key, &Job::OffersEnd { event }, until)
}

/// Tells everybody who comes, may come or waits.
pub(crate) fn to_guests_later(turn: &mut Turn, known: &Known, what: Gathering) -> Result<()> {
    let (event, sequence) = (known.event.id, known.event.sequence);
    for (member, entry) in &known.roll.entries {
        if !matches!(entry, Entry::Declined | Entry::Lapsed) {
            event_later(turn, event, *member, sequence, what)?;
        }
    }
    Ok(())
}

fn later(
    turn: &mut Turn,
    event: EventId,
    member: MemberId,
    sequence: i64,
    what: Gathering,
    due: Time,
) -> Result<()> {
    let key = key(event, member, sequence, what);
    let job = Job::Event {
        event,
        member,
        sequence,
        what,
    };
    turn.enqueue(key, &job, due)
}

pub(super) fn key(event: EventId, member: MemberId, sequence: i64, what: Gathering) -> String {
    format!("event:{event}:{member}:{sequence}:{}", what.code())
}

/// The calendar file of a place at an event.
pub(crate) fn gathering_file(
    event: &EventRow,
    way: Way,
    sequence: i64,
    stamp: Time,
    language: Language,
) -> String {
    file_of(&entry(event, way, sequence, stamp, language))
}

/// The same as one entry of a calendar.
pub(crate) fn entry(
    event: &EventRow,
    way: Way,
    sequence: i64,
    stamp: Time,
    language: Language,
) -> FileEntry {
    let plan = &event.plan;
    let link = plan.online.as_ref().filter(|_| way == Way::Online);
    let place = plan.on_site.as_ref().filter(|_| way == Way::OnSite);
    FileEntry {
        uid: event.id.to_string(),
        sequence: event.sequence + sequence,
        starts: plan.starts,
        ends: plan.ends,
        summary: plan.title.in_language(language).to_string(),
        place: place.map(|it| it.place.to_string()),
        link: link.map(|it| it.link.to_string()),
        is_cancelled: event.cancelled.is_some(),
        stamp,
        language,
    }
}

/// What a letter about an event is written from.
pub(super) struct Told {
    known: Known,
    member: MemberId,
    reply: Option<Reply>,
    /// The page where the reader goes on.
    page: String,
}

impl Told {
    /// As things are now; nothing when there is nothing to tell any more.
    pub(super) async fn load(
        db: &mut Conn,
        (event, member): (EventId, MemberId),
        (sequence, what): (i64, Gathering),
        origin: &str,
        now: Time,
    ) -> Result<Option<Self>> {
        let Some(known) = queries::of_one(db, event).await? else {
            return Ok(None);
        };
        let reply = known.roll.reply_of(member);
        let is_off = known.event.cancelled.is_some();
        let is_same = known
            .rsvps
            .get(&member)
            .is_some_and(|it| it.sequence == sequence);
        let comes = matches!(reply, Some(Reply::Going(_)));
        let replied = !matches!(reply, None | Some(Reply::Declined | Reply::Lapsed));
        // What happened since has a letter of its own.
        let is_true = match what {
            Gathering::Invited => !is_off && reply.is_none(),
            Gathering::Going => !is_off && comes && is_same,
            Gathering::Left => !is_off && is_same,
            Gathering::Offered => {
                !is_off && matches!(reply, Some(Reply::Offered { .. })) && is_same
            }
            Gathering::Changed => !is_off && replied && known.event.sequence == sequence,
            Gathering::Cancelled => is_off && replied,
            Gathering::Removed => reply == Some(Reply::Declined) && is_same,
            Gathering::Reminder => !is_off && comes && known.event.sequence == sequence,
        };
        let page = format!("{origin}{}", Page::Event(event).path());
        Ok((is_true && known.event.plan.starts > now).then_some(Self {
            known,
            member,
            reply,
            page,
        }))
    }

    /// A better hour for what the company begins by itself.
    pub(super) fn waits_until(&self, what: Gathering, now: Time) -> Option<Time> {
        let kind = match what {
            Gathering::Going | Gathering::Left | Gathering::Offered => return None,
            _ => kind_moment(now),
        };
        // Nobody stands before a closed door for the sake of a quiet night.
        (kind > now && kind + HOUR < self.known.event.plan.starts).then_some(kind)
    }

    /// The calendar file that goes with the letter.
    pub(super) fn file(
        &self,
        what: Gathering,
        now: Time,
        language: Language,
    ) -> Option<(&'static str, String)> {
        let sequence = self.known.rsvps.get(&self.member)?.sequence;
        let way = match (what, self.reply) {
            (
                Gathering::Going | Gathering::Changed | Gathering::Cancelled,
                Some(Reply::Going(way)),
            ) => way,
            (Gathering::Left | Gathering::Removed, _) => Way::OnSite,
            _ => return None,
        };
        let mut entry = entry(&self.known.event, way, sequence, now, language);
        entry.is_cancelled |= matches!(what, Gathering::Left | Gathering::Removed);
        let method = if entry.is_cancelled {
            "CANCEL"
        } else {
            "PUBLISH"
        };
        Some((method, file_of(&entry)))
    }

    fn when(&self, language: Language) -> String {
        let plan = &self.known.event.plan;
        let starts = format::when(language, plan.starts);
        if plan.starts.day() == plan.ends.day() {
            format!("{starts}–{}", plan.ends.clock())
        } else {
            format!("{starts} – {}", format::when(language, plan.ends))
        }
    }

    fn place(&self, language: Language) -> String {
        let plan = &self.known.event.plan;
        let online = match language {
            Language::Ja => "オンライン",
            Language::En => "Online",
        };
        let way = match self.reply {
            Some(Reply::Going(way) | Reply::Offered { way, .. } | Reply::Waiting { way, .. }) => {
                Some(way)
            }
            _ => None,
        };
        let site = plan.on_site.as_ref().filter(|_| way != Some(Way::Online));
        let afar = plan.online.as_ref().filter(|_| way != Some(Way::OnSite));
        let parts = site.map(|it| it.place.to_string()).into_iter();
        parts
            .chain(afar.map(|_| online.to_owned()))
            .collect::<Vec<_>>()
            .join(" / ")
    }
}

impl Writer<'_> {
    fn event_facts(&self, told: &Told) -> String {
        let (when, place) = (told.when(self.language), told.place(self.language));
        let minutes = told.known.event.plan.minutes;
        self.pick(
            format!("日時：{when}（日本時間）\n場所：{place}\nかかる時間：約{minutes}分"),
            format!("When: {when} (Japan)\nWhere: {place}\nTime it asks: about {minutes} minutes"),
        )
    }

    /// A letter about an event.
    pub(super) fn event(&self, what: Gathering, told: &Told) -> Letter {
        let plan = &told.known.event.plan;
        let title: &str = plan.title.in_language(self.language);
        let (subject, opening) = self.event_opening(what, told, title);
        let mut paragraphs = vec![opening, format!("{title}\n{}", self.event_facts(told))];
        paragraphs.extend(self.event_more(what, told));
        let label = match what {
            Gathering::Offered => self.pick("席を受け取る・見送る", "Take it or pass it on"),
            Gathering::Invited => self.pick("返事をする", "Answer"),
            Gathering::Reminder => self.pick("来られないときはこちら", "If you cannot come"),
            _ => self.pick("イベントを見る", "See the event"),
        };
        self.letter(subject, paragraphs, Some((label, told.page.clone())))
    }

    fn event_opening(&self, what: Gathering, told: &Told, title: &str) -> (String, String) {
        let word = |it: Option<&str>| it.unwrap_or(self.pick("（なし）", "(none)")).to_owned();
        match what {
            Gathering::Invited => self.pick(
                (format!("ご案内：{title}"), "次の催しにお招きします。参加は自由です。参加しなくても、選考や配属には関係ありません。".into()),
                (format!("An invitation: {title}"), "You are invited. Taking part is up to you and changes nothing about your place here.".into()),
            ),
            Gathering::Going => self.pick(
                (format!("参加の確定：{title}"), "席を用意しました。始まるまでは、理由なしで変更や取り消しができます。".into()),
                (format!("You have a place: {title}"), "Your place is kept. Until it begins you can change or cancel without a reason.".into()),
            ),
            Gathering::Left => self.pick(
                (format!("参加の取消：{title}"), "参加を取り消しました。カレンダーからも外れます。".into()),
                (format!("Cancelled: {title}"), "Your place is given up, and your calendar follows.".into()),
            ),
            Gathering::Offered => {
                let until = match told.reply {
                    Some(Reply::Offered { until, .. }) => format::when(self.language, until),
                    _ => String::new(),
                };
                self.pick(
                    (format!("席が空きました：{title}"), format!("お待ちいただいていた席がひとつ空きました。{until}まで、あなたのために取ってあります。")),
                    (format!("A place is free: {title}"), format!("A place that you waited for is free. It is held for you until {until}.")),
                )
            }
            Gathering::Changed => self.pick(
                (format!("変更：{title}"), "日時か場所が変わりました。新しい内容は次のとおりです。".into()),
                (format!("Changed: {title}"), "Time or place has changed. It is now as follows.".into()),
            ),
            Gathering::Cancelled => {
                let cancelled = told.known.event.cancelled.as_ref();
                let said = word(cancelled.and_then(|it| it.word.as_deref()));
                self.pick(
                    (format!("中止：{title}"), format!("申し訳ありません。次の催しは中止になりました。\n{said}")),
                    (format!("Called off: {title}"), format!("We are sorry: this event does not take place.\n{said}")),
                )
            }
            Gathering::Removed => {
                let rsvp = told.known.rsvps.get(&told.member);
                let said = word(rsvp.and_then(|it| it.word.as_deref()));
                self.pick(
                    (format!("席について：{title}"), format!("担当者が席を取り消しました。\n{said}")),
                    (format!("Your place: {title}"), format!("The organisers took the place back.\n{said}")),
                )
            }
            Gathering::Reminder => self.pick(
                (format!("明日です：{title}"), "明日の催しのお知らせです。来られそうですか。そのままで大丈夫です。来られないときだけ、下のページでひと押しお願いします。".into()),
                (format!("Tomorrow: {title}"), "It is tomorrow. Can you make it? If so, there is nothing to do; if not, one tap on the page below.".into()),
            ),
        }
    }

    fn event_more(&self, what: Gathering, told: &Told) -> Vec<String> {
        let plan = &told.known.event.plan;
        let mut more = Vec::new();
        if matches!(
            what,
            Gathering::Going | Gathering::Changed | Gathering::Reminder
        ) {
            if let (Some(online), Some(Reply::Going(Way::Online))) = (&plan.online, told.reply) {
                more.push(online.link.to_string());
            }
            if let Some(bring) = &plan.bring {
                let bring: &str = bring.in_language(self.language);
                more.push(self.pick(format!("持ち物：{bring}"), format!("Please bring: {bring}")));
            }
            if let Some(contact) = &plan.contact {
                more.push(self.pick(
                    format!("当日の連絡先：{contact}"),
                    format!("Contact on the day: {contact}"),
                ));
            }
        }
        more
    }
}
