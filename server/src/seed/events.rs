//! The demo's events: one that lies behind, one that is full and has a line, a hybrid one, a small one, and a draft.

use anyhow::{Context as _, Result};
use domain::{
    event::{Answer, CheckIn, Invited, Kind, PublishEvent, ReplyTo, Way, WriteEvent, WriteMemo},
    id::{EventId, MemberId, QuestionId},
    question::{AnswerQuestion, AskQuestion},
    sync::mutation::{Acknowledge, Mutation},
    time::{DAY, Day, HOUR, MINUTE, Time, Weekday},
};

use super::{Stage, at};
use crate::{event::queries, services::chance};

const SITE: Answer = Answer::Going(Way::OnSite);
const LINK: &str = "https://meet.example.jp/kakehashi";
const MAP: &str = "https://www.openstreetmap.org/?mlat=35.6812&mlon=139.7671";

impl Stage {
    /// Everything about events. `past` lies before the interview that lies behind.
    pub(super) async fn play_past_event(&mut self, past: Time) -> Result<()> {
        self.clock.move_to(past + -10 * DAY);
        let ceremony = WriteEvent {
            text: "内定おめでとうございます。式のあとに、開発部と営業部の先輩が話をします。\n\n- 開式 15分前に受付\n- 服装は自由です".into(),
            text_en: "Congratulations. After the ceremony, people of the development and sales teams tell of their work.".into(),
            bring: "筆記用具".into(),
            bring_en: "Something to write with".into(),
            ..self.event(Kind::Ceremony, ("内定式", "Welcome ceremony"), past, 120)
        };
        let event = self.publish(ceremony).await?;
        for who in ["aoi@example.jp", "ren@example.jp"] {
            self.answer(at(who), event, SITE).await?;
        }
        self.clock.move_to(past + -10 * MINUTE);
        let code = self.code_of(at("aoi@example.jp"), event).await?;
        let check_in = CheckIn {
            event,
            code,
            at: self.clock.now(),
        };
        self.wish(at("sato@example.jp"), Mutation::CheckIn(check_in))
            .await?;
        self.clock.move_to(past + DAY);
        let memo = WriteMemo {
            event,
            text: "来てくださった方、ありがとうございました。\n\n- 入社日は4月1日、集合は本社3階です\n- 研修は最初の2週間、希望の部署は5月に聞きます\n- 服装は、普段の服で大丈夫です".into(),
            text_en: "Thank you for coming.\n\n- The first day is 1 April, on the third floor\n- Training takes two weeks; in May you are asked which team you would like\n- Everyday clothes are fine".into(),
            recording: "https://meet.example.jp/recordings/ceremony".into(),
        };
        self.wish(at("sato@example.jp"), Mutation::WriteMemo(memo))
            .await?;
        Ok(())
    }

    /// What lies ahead.
    pub(super) async fn play_events(&mut self, now: Time) -> Result<()> {
        let (aoi, ren, mei) = (
            at("aoi@example.jp"),
            at("ren@example.jp"),
            at("mei@example.jp"),
        );
        let sato = at("sato@example.jp");
        let full = WriteEvent {
            text: "社長と少人数で夕食をとりながら話します。聞いてみたいことがあれば、どうぞ。"
                .into(),
            text_en: "Dinner in a small round with the president.".into(),
            place: "本社近くの食堂「みなと」".into(),
            minutes: 180,
            map: MAP.into(),
            on_site: Some(2),
            has_waitlist: true,
            ..self.event(
                Kind::Social,
                ("社長との夕食会", "Dinner with the president"),
                evening(now, 12, Weekday::Friday),
                120,
            )
        };
        let full = self.publish(full).await?;
        for who in [ren, mei, aoi] {
            self.answer(who, full, SITE).await?;
        }
        let hybrid = WriteEvent {
            text: "開発・営業・管理の先輩が、それぞれの一日を話します。\n\n1. 先輩の話(30分)\n2. 少人数での質問(40分)\n3. 自由に話す(20分)".into(),
            text_en: "Colleagues of three teams tell of their day; then questions in small groups.".into(),
            on_site: Some(20),
            link: LINK.into(),
            online: Some(40),
            has_waitlist: true,
            bring: "学生証(入館に使います)".into(),
            bring_en: "Your student card, to enter the building".into(),
            ..self.event(Kind::RoundTable, ("仕事を知る座談会", "What the work is like"), saturday(now, 18), 90)
        };
        let hybrid = self.publish(hybrid).await?;
        self.answer(ren, hybrid, Answer::Going(Way::Online)).await?;
        self.play_questions(hybrid).await?;
        let small = WriteEvent {
            text: "入社2年目の森さんと、なんでも話す会です。カメラはオフで大丈夫です。".into(),
            text_en: "Talk with Mio, who joined two years ago. Your camera may stay off.".into(),
            place: String::new(),
            map: String::new(),
            on_site: None,
            link: LINK.into(),
            online: Some(5),
            hosts: vec![self.member(at("mio@example.jp"))],
            ..self.event(
                Kind::MeetSeniors,
                ("入社2年目に聞く会", "Ask a colleague of two years"),
                evening(now, 6, Weekday::Wednesday),
                45,
            )
        };
        self.publish(small).await?;
        let draft = self.event(
            Kind::Other,
            ("入社前の社内見学", "A look at the office"),
            saturday(now, 40),
            60,
        );
        self.wish(sato, Mutation::WriteEvent(Box::new(draft)))
            .await?;
        Ok(())
    }

    /// What two of them want to know, and one answer that is listed for all.
    async fn play_questions(&mut self, event: EventId) -> Result<()> {
        let (ren, mei) = (at("ren@example.jp"), at("mei@example.jp"));
        let asked = self
            .ask(ren, event, "服装は私服でも大丈夫ですか。", false)
            .await?;
        let answer = AnswerQuestion {
            question: asked,
            answer: "はい、普段の服でお越しください。先輩たちも私服です。".into(),
            faq: "イベントの服装に決まりはありますか。".into(),
        };
        self.wish(at("sato@example.jp"), Mutation::AnswerQuestion(answer))
            .await?;
        self.ask(
            mei,
            event,
            "日本語が聞き取れないとき、チャットで聞いてもいいですか。",
            true,
        )
        .await?;
        Ok(())
    }

    async fn ask(
        &mut self,
        who: usize,
        event: EventId,
        text: &str,
        is_named: bool,
    ) -> Result<QuestionId> {
        let (question, text) = (QuestionId::random(chance()), text.to_owned());
        let wish = AskQuestion {
            question,
            event,
            text,
            is_named,
        };
        self.wish(who, Mutation::AskQuestion(wish)).await?;
        Ok(question)
    }

    fn event(&self, kind: Kind, title: (&str, &str), starts: Time, minutes: u16) -> WriteEvent {
        let now = self.clock.now();
        WriteEvent {
            event: EventId::born(now, chance()),
            kind,
            title: title.0.into(),
            title_en: title.1.into(),
            text: String::new(),
            text_en: String::new(),
            starts,
            ends: starts + i64::from(minutes) * MINUTE,
            closes: starts + -DAY,
            place: "本社 3階 大会議室".into(),
            map: MAP.into(),
            on_site: None,
            link: String::new(),
            online: None,
            has_waitlist: false,
            minutes,
            bring: String::new(),
            bring_en: String::new(),
            contact: "人事 佐藤 03-0000-0000".into(),
            hosts: vec![self.member(at("sato@example.jp"))],
            invited: Invited::Everyone,
            is_recorded: true,
            again: String::new(),
        }
    }

    fn member(&self, who: usize) -> MemberId {
        self.hands[who].signed.id
    }

    async fn publish(&mut self, it: WriteEvent) -> Result<EventId> {
        let (sato, event) = (at("sato@example.jp"), it.event);
        self.wish(sato, Mutation::WriteEvent(Box::new(it))).await?;
        self.wish(sato, Mutation::PublishEvent(PublishEvent { event }))
            .await?;
        Ok(event)
    }

    /// What somebody shows at the door.
    async fn code_of(&self, who: usize, event: EventId) -> Result<String> {
        let known = queries::of_one(&mut *self.db.read().await?, event).await?;
        let rsvp = known.and_then(|it| it.rsvps.get(&self.member(who)).cloned());
        rsvp.and_then(|it| it.code).context("who comes has a code")
    }

    /// Somebody answers, and reads what came of it.
    async fn answer(&mut self, who: usize, event: EventId, answer: Answer) -> Result<()> {
        let reply = ReplyTo {
            event,
            answer,
            is_named: true,
        };
        let mutation = self.wish(who, Mutation::Reply(reply)).await?;
        self.wish(who, Mutation::Acknowledge(Acknowledge { mutation }))
            .await?;
        Ok(())
    }
}

/// The first such weekday at least so many days ahead, at half past six in the evening.
fn evening(now: Time, ahead: i32, on: Weekday) -> Time {
    on_or_after(now.day().plus(ahead), on).start() + 18 * HOUR + 30 * MINUTE
}

/// A Saturday at one.
fn saturday(now: Time, ahead: i32) -> Time {
    on_or_after(now.day().plus(ahead), Weekday::Saturday).start() + 13 * HOUR
}

fn on_or_after(mut day: Day, on: Weekday) -> Day {
    while day.weekday() != on {
        day = day.plus(1);
    }
    day
}
