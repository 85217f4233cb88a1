//! Events as the tests speak of them: a dinner on the Friday evening of next week.

use domain::{
    breakout::GroupEvent,
    event::{
        Answer, CancelEvent, CheckIn, Invited, Kind, PublishEvent, Reply, ReplyTo, Way, WriteEvent,
    },
    id::{EventId, MemberId, MutationId, QuestionId},
    question::AskQuestion,
    sync::mutation::Mutation,
    time::{DAY, HOUR, Time},
};

use crate::{Device, Town, village::starts};

/// 参加, in person.
pub const HERE: Answer = Answer::Going(Way::OnSite);
/// 参加, by the meeting link.
pub const AFAR: Answer = Answer::Going(Way::Online);

/// A dinner for so many, with a line.
#[must_use]
pub fn dinner(event: EventId, places: u16, begins: Time) -> WriteEvent {
    WriteEvent {
        event,
        kind: Kind::Social,
        title: "夕食会".into(),
        title_en: "Dinner".into(),
        text: "社長と**少人数**で話します。".into(),
        text_en: String::new(),
        starts: begins,
        ends: begins + 2 * HOUR,
        closes: begins + -DAY,
        place: "食堂みなと".into(),
        map: "https://maps.example.jp/minato".into(),
        on_site: Some(places),
        link: String::new(),
        online: None,
        has_waitlist: true,
        minutes: 120,
        bring: "学生証".into(),
        bring_en: String::new(),
        contact: "人事 佐藤 03-0000-0000".into(),
        hosts: Vec::new(),
        invited: Invited::Everyone,
        is_recorded: false,
        again: String::new(),
    }
}

impl Town {
    /// HR writes a dinner for so many on the Friday evening of next week, changed by `with`, and publishes it.
    pub async fn invite_to_dinner(
        &self,
        places: u16,
        with: impl FnOnce(&mut WriteEvent),
    ) -> EventId {
        let event = EventId::born(self.now(), self.chance());
        let mut it = dinner(event, places, starts("fri-1830"));
        with(&mut it);
        if it.starts != starts("fri-1830") {
            (it.ends, it.closes) = (it.starts + 2 * HOUR, it.starts + -DAY);
        }
        let sato = self.loaded_phone_of("sato").await;
        sato.wish(Mutation::WriteEvent(Box::new(it))).await;
        sato.wish(Mutation::PublishEvent(PublishEvent { event }))
            .await;
        assert_eq!(sato.refusals(), Vec::<String>::new());
        event
    }

    /// HR calls it off.
    pub async fn call_off(&self, event: EventId, word: &str) {
        let word = word.to_owned();
        let sato = self.loaded_phone_of("sato").await;
        sato.wish(Mutation::CancelEvent(CancelEvent { event, word }))
            .await;
    }
}

impl Device {
    /// Asks something about an event; the id is the question's.
    pub async fn ask_about(
        &self,
        town: &Town,
        event: EventId,
        text: &str,
        is_named: bool,
    ) -> QuestionId {
        let question = QuestionId::random(town.chance());
        let text = text.to_owned();
        let wish = AskQuestion {
            question,
            event,
            text,
            is_named,
        };
        self.wish(Mutation::AskQuestion(wish)).await;
        question
    }

    /// Answers an event.
    pub async fn answer(&self, event: EventId, answer: Answer) -> MutationId {
        let is_named = false;
        self.wish(Mutation::Reply(ReplyTo {
            event,
            answer,
            is_named,
        }))
        .await
    }

    /// Deals those who come into groups, with these people apart.
    pub async fn deal(&self, event: EventId, apart: &[(MemberId, MemberId)]) -> MutationId {
        let apart = apart.to_vec();
        self.wish(Mutation::GroupEvent(GroupEvent { event, apart }))
            .await
    }

    /// All groups of an event, as those who plan it read them.
    #[must_use]
    pub fn groups_of(&self, event: EventId) -> Vec<Vec<MemberId>> {
        let seen = self.seen();
        let all = seen.view.event_breakouts.get(&event);
        all.map_or_else(Vec::new, |it| {
            it.groups.iter().map(|it| it.members.clone()).collect()
        })
    }

    /// The own group, as it is read there: 「1: 青井 葵 +2」; nothing when there is none.
    #[must_use]
    pub fn group_in(&self, event: EventId) -> String {
        let seen = self.seen();
        let Some(it) = seen.view.breakouts.get(&event) else {
            return String::new();
        };
        let names: Vec<&str> = it.names.iter().map(|it| &**it).collect();
        format!("{}: {} +{}", it.number, names.join(" "), it.unnamed)
    }

    /// Lets somebody in who shows this code.
    pub async fn check_in(&self, event: EventId, code: &str) -> MutationId {
        let (code, at) = (code.to_owned(), self.now());
        self.wish(Mutation::CheckIn(CheckIn { event, code, at }))
            .await
    }

    /// What came of the own answer, in a word: `going`, `maybe`, `declined`, `waiting 0`, `offered`, `lapsed`; nothing when
    /// none was given.
    #[must_use]
    pub fn reply_to(&self, event: EventId) -> String {
        let seen = self.seen();
        match seen.view.rsvps.get(&event).map(|it| it.reply) {
            None => String::new(),
            Some(Reply::Going(Way::OnSite)) => "going".into(),
            Some(Reply::Going(Way::Online)) => "online".into(),
            Some(Reply::Maybe) => "maybe".into(),
            Some(Reply::Declined) => "declined".into(),
            Some(Reply::Waiting { before, .. }) => format!("waiting {before}"),
            Some(Reply::Offered { .. }) => "offered".into(),
            Some(Reply::Lapsed) => "lapsed".into(),
        }
    }

    /// What is shown at the door.
    ///
    /// # Panics
    /// When there is nothing to show.
    #[must_use]
    pub fn door_code(&self, event: EventId) -> String {
        let seen = self.seen();
        let rsvp = seen.view.rsvps.get(&event);
        rsvp.and_then(|it| it.code.clone())
            .expect("who comes has a code")
    }
}
