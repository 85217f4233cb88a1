//! What the screens of events must show, and must never say.

use std::sync::Arc;

use domain::{
    booking::{Cancellation, Words},
    breakout::Breakout,
    event::{
        Answer, Edit, Event, EventPlaces, Instead, Kind, Memo, Places, Reply, ReplyTo, Rsvp, Way,
    },
    id::{EventId, MemberId, MutationId},
    member::Language,
    refusal::Refusal,
    sync::{
        replica::{Seen, Standing},
        row::{About, Outcome, Verdict, View},
    },
    text::{HttpsLink, Name, PlaceName, Said, Short},
    time::{Clock, Day, HOUR, Time},
};
use leptos::prelude::*;

use crate::{device::Device, page::Page, start::Start};

const DINNER: u128 = 5;
const HERE: Answer = Answer::Going(Way::OnSite);
/// Would run if it stood anywhere but in the prose.
const HTML: &str = "<p>食事は<b>立食</b>です。</p>";

fn at(day: u32, hour: u16) -> Time {
    let day = Day::from_date(2026, 11, day).expect("a day of November");
    day.at(Clock::new(hour, 0).expect("an hour"))
}

fn id() -> EventId {
    EventId::random(DINNER)
}

fn short(text: &str) -> Short {
    Short::new(text).expect("a short text")
}

/// A dinner on Wednesday the 25th; it is the 22nd.
fn dinner() -> Event {
    Event {
        id: id(),
        kind: Kind::Social,
        title: Said {
            ja: short("冬の懇親会"),
            en: Some(short("Winter dinner")),
        },
        html: Some(Said {
            ja: HTML.into(),
            en: None,
        }),
        starts: at(25, 18),
        ends: at(25, 20),
        closes: at(24, 18),
        place: Some(PlaceName::new("本社 3階").expect("a place")),
        map: Some(HttpsLink::new("https://maps.example.jp/hq").expect("a link")),
        is_online: false,
        minutes: 150,
        bring: Some(Said {
            ja: short("名札"),
            en: Some(short("Your name tag")),
        }),
        contact: Some(short("受付 03-0000-0000")),
        hosts: vec![Name::new("中村 美緒").expect("a name")],
        instead: Some(Instead::Recording),
        has_waitlist: true,
        edits: Vec::new(),
        cancelled: None,
        memo: None,
    }
}

fn rsvp(reply: Reply) -> Rsvp {
    Rsvp {
        event: id(),
        reply,
        is_named: false,
        at: at(20, 9),
        code: matches!(reply, Reply::Going(_)).then(|| "K7M2QP".to_owned()),
        qr: vec![0b111_1111, 0b100_0001],
        link: None,
        attended: None,
        word: None,
        ics: String::new(),
    }
}

fn places(most: Option<u16>, taken: u16, waiting: u16) -> EventPlaces {
    EventPlaces {
        on_site: Some(Places {
            most,
            taken,
            waiting,
        }),
        ..EventPlaces::default()
    }
}

/// The dinner, perhaps with a reply.
fn seen(event: Event, rsvp: Option<Rsvp>) -> Seen {
    let mut view = View::default();
    view.events.insert(id(), event);
    view.event_places.insert(id(), places(Some(20), 12, 0));
    if let Some(rsvp) = rsvp {
        view.rsvps.insert(id(), rsvp);
    }
    Seen::confirmed(&view)
}

fn with(reply: Reply) -> Seen {
    seen(dinner(), Some(rsvp(reply)))
}

fn pending(mut seen: Seen, answer: Answer, standing: Standing) -> Seen {
    let reply = ReplyTo {
        event: id(),
        answer,
        is_named: false,
    };
    seen.replying.insert(id(), (reply, standing));
    seen
}

/// The page of this path at this time, with what is seen there.
fn html_at(now: Time, language: Language, path: &str, seen: Seen) -> String {
    let start = Start {
        build: "test".into(),
        now,
        language,
        who: None,
        rows: Vec::new(),
        lesson: None,
        online: None,
        answer: None,
    };
    Owner::new_root(None).with(|| {
        let device = Device::new(&start, Page::parse(path, ""));
        device.seen.set(Arc::new(seen));
        device.status.update(|it| it.is_loading = false);
        view! { <crate::Portal device/> }.to_html()
    })
}

fn html(path: &str, seen: Seen) -> String {
    html_at(at(22, 10), Language::Ja, path, seen)
}

fn detail() -> String {
    Page::Event(id()).path()
}

#[test]
fn an_invitation_has_three_equal_answers_on_a_form_without_script() {
    for path in [detail(), "/".to_owned()] {
        let html = html(&path, seen(dinner(), None));
        let action = format!(r#"method="post" action="/event/{}/reply""#, id());
        assert!(html.contains(&action), "{html}");
        for value in ["on_site", "maybe", "declined"] {
            let button = format!(r#" name="answer" value="{value}" class="button">"#);
            assert_eq!(html.matches(&button).count(), 1, "{path} {value}: {html}");
        }
        assert!(!html.contains("aria-pressed"), "nothing is chosen");
        assert_eq!(html.matches("参加は自由です。").count(), 1, "{html}");
        assert!(html.contains("150分") && html.contains("残り8席"), "{html}");
    }
}

#[test]
fn who_can_come_in_two_ways_has_a_button_for_each() {
    let mut event = dinner();
    event.is_online = true;
    let html = html(&detail(), seen(event, None));
    assert!(html.contains("会場で参加") && html.contains("オンラインで参加"));
    assert!(html.contains(r#"value="online""#));
}

#[test]
fn each_state_has_its_words_in_both_languages() {
    let waiting = Reply::Waiting {
        way: Way::OnSite,
        before: 1,
    };
    let offered = Reply::Offered {
        way: Way::OnSite,
        until: at(24, 18),
    };
    let states = [
        (Reply::Going(Way::OnSite), "K7M2QP", "K7M2QP"),
        (
            Reply::Going(Way::OnSite),
            "受付でこの画面を見せてください",
            "Please show this screen at the door",
        ),
        (Reply::Maybe, "返事済み", "Answered"),
        (Reply::Declined, "不参加", "Not going"),
        (
            waiting,
            "キャンセル待ち 2番目です。席が空いたらお知らせします。",
            "You are number 2 on the waitlist.",
        ),
        (waiting, "キャンセル待ちをやめる", "Leave the waitlist"),
        (
            offered,
            "席がひとつ空きました。11月24日(火) 18:00まで取ってあります。",
            "It is kept for you until Tue 24 Nov 18:00.",
        ),
        (offered, "見送る", "Not this time"),
        (
            Reply::Lapsed,
            "次の方にお渡ししました",
            "went to the next in line",
        ),
    ];
    for (reply, ja, en) in states {
        for (language, words) in [(Language::Ja, ja), (Language::En, en)] {
            let html = html_at(at(22, 10), language, &detail(), with(reply));
            assert!(html.contains(words), "{reply:?} {words}: {html}");
            let is_sure = matches!(reply, Reply::Going(_));
            let sure = if language == Language::Ja {
                "確定"
            } else {
                "Confirmed"
            };
            assert_eq!(html.contains(sure), is_sure, "{reply:?}: {html}");
        }
    }
}

#[test]
fn a_pending_answer_is_never_called_confirmed() {
    for (standing, words) in [
        (Standing::Saved, "端末に保存"),
        (Standing::Sending, "送信中"),
    ] {
        for path in [detail(), "/event".into(), "/".into()] {
            let fresh = pending(seen(dinner(), None), HERE, standing);
            let html = html(&path, fresh);
            assert!(html.contains(words), "{path}: {html}");
            // Home says of the free times below that they are confirmed at once.
            let html = html.replace("すぐに確定します", "");
            assert!(!html.contains("確定"), "{path}: {html}");
        }
        let changed = pending(with(Reply::Going(Way::OnSite)), Answer::Declined, standing);
        let html = html(&detail(), changed);
        assert!(html.contains(words) && !html.contains("確定"), "{html}");
        assert!(html.contains("前の返事はそのまま残っています"));
    }
    let saved = pending(seen(dinner(), None), HERE, Standing::Saved);
    assert!(html(&detail(), saved).contains("この返事を取り消す"));
    let sending = pending(seen(dinner(), None), HERE, Standing::Sending);
    assert!(!html(&detail(), sending).contains("この返事を取り消す"));
}

#[test]
fn to_be_named_makes_no_place_uncertain() {
    let html = html(
        &detail(),
        pending(with(Reply::Going(Way::OnSite)), HERE, Standing::Saved),
    );
    assert!(html.contains("確定") && html.contains("K7M2QP"), "{html}");
}

#[test]
fn what_was_declined_is_quiet() {
    let list = html("/event", with(Reply::Declined));
    let folded = list.split("見送った催し").nth(1).expect("the fold");
    assert!(folded.contains("冬の懇親会"), "{list}");
    assert_eq!(list.matches("冬の懇親会").count(), 1, "{list}");
    assert!(list.contains("いまお誘いはありません"));
    assert!(!html("/", with(Reply::Declined)).contains("冬の懇親会"));
    let said = pending(seen(dinner(), None), Answer::Declined, Standing::Saved);
    assert!(!html("/", said).contains("冬の懇親会"));
}

#[test]
fn a_place_that_was_taken_back_is_told() {
    let mut removed = rsvp(Reply::Declined);
    removed.word = Some(Words::new("定員の見直しのため").expect("words"));
    for path in [detail(), "/event".into()] {
        let html = html(&path, seen(dinner(), Some(removed.clone())));
        assert!(html.contains("席の取り消し"), "{path}: {html}");
    }
    assert!(html(&detail(), seen(dinner(), Some(removed))).contains("定員の見直しのため"));
}

#[test]
fn a_held_place_stands_on_the_home_screen_until_its_time() {
    let offered = || {
        with(Reply::Offered {
            way: Way::OnSite,
            until: at(24, 18),
        })
    };
    let home = html("/", offered());
    assert!(
        home.contains("あなたの番") && home.contains("参加する"),
        "{home}"
    );
    let late = html_at(at(24, 18), Language::Ja, "/", offered());
    assert!(!late.contains("あなたの番"), "{late}");
}

#[test]
fn a_full_event_says_what_a_yes_means() {
    let full = |has_waitlist| {
        let mut event = dinner();
        event.has_waitlist = has_waitlist;
        let mut seen = seen(event, None);
        seen.view.event_places.insert(id(), places(Some(20), 20, 3));
        html(&detail(), seen)
    };
    let (waits, closed) = (full(true), full(false));
    assert!(waits.contains("満席・キャンセル待ち3人"), "{waits}");
    assert!(!waits.contains(" disabled"), "{waits}");
    assert!(closed.contains(r#"value="on_site" disabled"#), "{closed}");
    assert!(!closed.contains("キャンセル待ち3人"), "{closed}");
}

#[test]
fn no_place_is_asked_for_after_the_closing_and_nothing_after_the_start() {
    let closed = html_at(at(24, 18), Language::Ja, &detail(), seen(dinner(), None));
    assert!(closed.contains(r#"value="on_site" disabled"#), "{closed}");
    assert!(closed.contains("参加の受付は11月24日(火) 18:00に終わりました。"));
    assert!(closed.contains(r#"value="declined""#));
    let begun = html_at(at(25, 18), Language::Ja, &detail(), with(Reply::Maybe));
    assert!(!begun.contains("/reply\""), "{begun}");
}

#[test]
fn who_was_there_reads_it_folded() {
    let mut was = rsvp(Reply::Going(Way::OnSite));
    was.attended = Some(at(25, 18) + HOUR);
    let past = html_at(
        at(27, 9),
        Language::Ja,
        "/event",
        seen(dinner(), Some(was.clone())),
    );
    assert!(past.contains("これまでの催し"), "{past}");
    let detail = html_at(
        at(27, 9),
        Language::Ja,
        &detail(),
        seen(dinner(), Some(was)),
    );
    assert!(detail.contains("参加しました") && !detail.contains("K7M2QP"));
    let never = html_at(at(27, 9), Language::Ja, "/event", seen(dinner(), None));
    assert!(!never.contains("冬の懇親会"));
}

#[test]
fn what_was_said_there_is_for_those_too_who_were_not() {
    let mut event = dinner();
    event.memo = Some(Memo {
        at: at(26, 9),
        text: Some(Said {
            ja: HTML.into(),
            en: None,
        }),
        recording: Some(HttpsLink::new("https://meet.example.jp/r").expect("a link")),
    });
    for rsvp in [None, Some(rsvp(Reply::Declined))] {
        let list = html_at(
            at(26, 10),
            Language::Ja,
            "/event",
            seen(event.clone(), rsvp.clone()),
        );
        assert!(
            list.contains("これまでの催し") && list.contains(&detail()),
            "{list}"
        );
        let page = html_at(
            at(26, 10),
            Language::Ja,
            &detail(),
            seen(event.clone(), rsvp),
        );
        assert!(page.contains("当日のメモ") && page.contains(HTML), "{page}");
        assert!(
            page.contains(r#"href="https://meet.example.jp/r""#),
            "{page}"
        );
    }
    event.memo = None;
    let list = html_at(at(26, 10), Language::Ja, "/event", seen(event, None));
    assert!(
        !list.contains(&detail()),
        "what is over and says nothing is gone"
    );
}

#[test]
fn a_cancelled_event_says_so_and_asks_nothing() {
    let mut event = dinner();
    event.cancelled = Some(Cancellation {
        by: MemberId::random(1),
        at: at(21, 9),
        word: Some(Words::new("大雪のため").expect("words")),
    });
    let html = html(
        &detail(),
        seen(event, Some(rsvp(Reply::Going(Way::OnSite)))),
    );
    assert!(
        html.contains("中止") && html.contains("大雪のため"),
        "{html}"
    );
    assert!(!html.contains("/reply\"") && !html.contains("K7M2QP"));
}

#[test]
fn what_changed_is_told_to_those_who_replied() {
    let mut event = dinner();
    event.edits.push(Edit {
        at: at(21, 9),
        time: Some((at(25, 14), at(25, 16))),
        place: Some("本社 5階".into()),
        bring: Some(String::new()),
        text: false,
    });
    let told = html(&detail(), seen(event.clone(), Some(rsvp(Reply::Maybe))));
    assert!(
        told.contains("11月25日(水) 14:00から変わりました"),
        "{told}"
    );
    assert!(told.contains("場所が「本社 5階」から変わりました"));
    assert!(told.contains("持ち物が加わりました"));
    assert!(!html(&detail(), seen(event, None)).contains("から変わりました"));
}

#[test]
fn the_text_is_html_in_the_prose_and_nowhere_else() {
    let page = html(&detail(), seen(dinner(), None));
    let prose = format!(r#"<div class="prose event-text">{HTML}</div>"#);
    assert!(page.contains(&prose), "{page}");
    assert_eq!(page.matches("<b>").count(), 1, "{page}");
    let mut event = dinner();
    event.title.ja = short("<b>会</b>");
    event.html = None;
    for path in [detail(), "/event".into(), "/".into()] {
        assert!(!html(&path, seen(event.clone(), None)).contains("<b>"));
    }
}

#[test]
fn an_answer_to_a_reply_says_what_came_of_it() {
    let mutation = MutationId::random(9);
    let outcome = |verdict| Outcome {
        mutation,
        verdict,
        about: About::Reply(ReplyTo {
            event: id(),
            answer: HERE,
            is_named: false,
        }),
        at: at(22, 9),
    };
    let home = |reply, verdict| {
        let mut seen = with(reply);
        seen.view.outcomes.insert(mutation, outcome(verdict));
        html("/", seen)
    };
    let waiting = Reply::Waiting {
        way: Way::OnSite,
        before: 0,
    };
    let going = home(Reply::Going(Way::OnSite), Verdict::Ok);
    assert!(going.contains("参加が確定しました"), "{going}");
    let waits = home(waiting, Verdict::Ok);
    assert!(waits.contains("キャンセル待ちに入りました") && !waits.contains("確定しました"));
    let full = home(Reply::Maybe, Verdict::Refused(Refusal::EventFull));
    assert!(full.contains("席が埋まっています。") && full.contains("断られました"));
    assert!(full.contains(&format!("/outcome/{mutation}/read")));
}

fn in_group(mut seen: Seen) -> Seen {
    let group = Breakout {
        number: 3,
        way: Way::OnSite,
        names: vec![Name::new("蓮見 蓮").expect("a name")],
        unnamed: 2,
    };
    seen.view.breakouts.insert(id(), group);
    seen
}

#[test]
fn who_comes_reads_the_group_and_what_to_talk_of() {
    let going = in_group(with(Reply::Going(Way::OnSite)));
    let page = html_at(at(22, 10), Language::Ja, &detail(), going.clone());
    for said in [
        "グループ3",
        "蓮見 蓮、ほか2人",
        "話のきっかけ",
        "パスしてもかまいません",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = html_at(at(22, 10), Language::En, &detail(), going.clone());
    assert!(
        page.contains("Group 3") && page.contains("蓮見 蓮, 2 more"),
        "{page}"
    );
    // A no on its way, or a row that has not been taken away yet: nobody reads that they sit somewhere.
    let leaving = pending(going, Answer::Declined, Standing::Saved);
    for seen in [leaving, in_group(with(Reply::Declined))] {
        let page = html(&detail(), seen);
        assert!(
            !page.contains("グループ3") && !page.contains("話のきっかけ"),
            "{page}"
        );
    }
    let page = html(&detail(), with(Reply::Going(Way::OnSite)));
    assert!(!page.contains("グループ3"), "no group, no word of it");
}

#[test]
fn every_page_has_one_first_heading_and_no_inline_style() {
    let offered = Reply::Offered {
        way: Way::OnSite,
        until: at(24, 18),
    };
    for path in [detail(), "/event".into(), "/".into()] {
        for seen in [
            seen(dinner(), None),
            with(Reply::Going(Way::OnSite)),
            with(offered),
            Seen::default(),
        ] {
            for language in [Language::Ja, Language::En] {
                let html = html_at(at(22, 10), language, &path, seen.clone());
                assert_eq!(html.matches("<h1").count(), 1, "{path}: {html}");
                assert!(!html.contains("style="), "{path}: {html}");
                assert!(
                    !html.contains("#分") && !html.contains("#から"),
                    "a gap is left"
                );
            }
        }
    }
}
