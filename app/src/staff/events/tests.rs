//! What is planned, who comes and the door: to whom it shows what, and that nothing typed is lost.

use domain::{
    event::{EventPlan, Plan, WriteEvent},
    id::{EventId, MemberId},
    member::{Language, Role},
    refusal::{Field, Refusal},
    sync::wire::RowChange,
    time::{Clock, DAY, HOUR, Time},
};
use leptos::prelude::Owner;
use serde_json::{Value, json, value::to_raw_value};

use super::{
    fields::{Fields, It, copied},
    *,
};
use crate::staff::tests::{self, NOW};

/// A page without the marks between texts that the browser's code goes by.
fn html(role: Role, page: &Page, rows: Vec<RowChange>) -> String {
    html_in(Language::Ja, role, page, rows)
}

fn html_in(language: Language, role: Role, page: &Page, rows: Vec<RowChange>) -> String {
    tests::html_in(language, role, page, rows)
        .replace("<!>", "")
        .replace(" class=\"\"", "")
}

fn id() -> EventId {
    EventId::random(77)
}

/// 18:00 on a day some days from now.
fn evening(days: i32) -> Time {
    NOW.day().plus(days).at(Clock::new(18, 0).unwrap())
}

/// A dinner in two weeks, for twenty here and as many as come by the link.
fn dinner() -> Plan {
    let starts = evening(14);
    let wish = json!({
        "event": id(), "kind": "social", "title": "秋の懇親会", "title_en": "Autumn dinner", "text": "## 献立\n- 鍋",
        "starts": starts, "ends": starts + 2 * HOUR, "closes": starts + -DAY, "place": "本社 3階",
        "map": "https://maps.example.jp/hq", "on_site": 20, "link": "https://meet.example.jp/dinner",
        "has_waitlist": true, "minutes": 150, "bring": "筆記具", "contact": "人事 佐藤",
        "hosts": [MemberId::random(1)], "invited": { "chosen": [MemberId::random(3), MemberId::random(4)] },
        "is_recorded": true,
    });
    let wish: WriteEvent = serde_json::from_value(wish).unwrap();
    wish.checked(NOW).unwrap()
}

fn row(kind: &str, id: &str, body: &Value) -> RowChange {
    let body = to_raw_value(body).unwrap();
    RowChange(kind.into(), id.into(), 1, "hr".into(), Some(body))
}

fn event(plan: Plan, published: Option<Time>) -> RowChange {
    let it = EventPlan {
        id: id(),
        plan,
        published,
        cancelled: None,
        memo: None,
    };
    row("event_plan", &id().to_string(), &json!(it))
}

fn guest(number: u128, name: &str, reply: &Value, came: Option<Time>) -> RowChange {
    let member = MemberId::random(number);
    let body = json!({
        "member": member, "name": name, "reply": reply, "code": format!("ABC23{number}"), "attended": came,
    });
    row("guest", &format!("{}.{member}", id()), &body)
}

/// A published dinner with replies of all kinds.
fn evening_with_guests() -> Vec<RowChange> {
    let offered = json!({ "offered": { "way": "on_site", "until": evening(2) } });
    let places = json!({
        "on_site": { "most": 20, "taken": 2, "waiting": 1 }, "online": { "taken": 1, "waiting": 0 },
        "maybe": 1, "declined": 6,
    });
    vec![
        event(dinner(), Some(NOW)),
        row("event_places", &id().to_string(), &places),
        guest(
            2,
            "青井 葵",
            &json!({ "going": "on_site" }),
            Some(evening(0)),
        ),
        guest(3, "木村 蓮", &json!({ "going": "online" }), None),
        guest(
            4,
            "森田 芽衣",
            &json!({ "waiting": { "way": "on_site", "before": 1 } }),
            None,
        ),
        guest(5, "浜 凪", &offered, None),
        guest(6, "原 空", &json!("maybe"), None),
        guest(7, "辻 断", &json!("declined"), None),
    ]
}

/// The main part of a page, without its menus.
fn main_of(html: &str) -> &str {
    html.split_once("<main").unwrap().1
}

#[test]
fn the_list_tells_drafts_from_what_is_published_and_what_is_over() {
    let draft = html(Role::Hr, &Page::Plans, vec![event(dinner(), None)]);
    assert!(draft.contains(">下書き</h2>") && draft.contains("秋の懇親会"));
    assert!(draft.contains("/staff/events/new"));
    let ahead = html(Role::Hr, &Page::Plans, evening_with_guests());
    assert!(ahead.contains(">これから</h2>") && !ahead.contains(">下書き</h2>"));
    assert!(
        ahead.contains("会場 2/20 待ち1人・オンライン 1人"),
        "{ahead}"
    );
    let mut past = dinner();
    (past.starts, past.ends) = (NOW + -3 * HOUR, NOW + -HOUR);
    let past = html(Role::Hr, &Page::Plans, vec![event(past, Some(NOW + -DAY))]);
    assert!(
        past.contains("<summary>終わったイベント")
            && past.contains("これからのイベントはありません")
    );
}

#[test]
fn a_draft_says_what_publishing_does_beside_the_button() {
    let page = html(Role::Owner, &Page::Plan(id()), vec![event(dinner(), None)]);
    assert!(
        page.contains("選んだ2人の画面に並び、") && page.contains("150分のお誘いです"),
        "{page}"
    );
    assert!(page.contains(">公開する<") && page.contains("下書きを取り下げる"));
    assert!(page.contains("Autumn dinner") || page.contains("秋の懇親会"));
    assert!(!page.contains("受付を開く") && !page.contains("cancel-word"));
}

#[test]
fn once_it_has_begun_there_is_a_memo_to_write() {
    let mut plan = dinner();
    let ahead = html(
        Role::Hr,
        &Page::Plan(id()),
        vec![event(plan.clone(), Some(NOW))],
    );
    assert!(!ahead.contains("当日のメモ"));
    (plan.starts, plan.ends) = (NOW + -3 * HOUR, NOW + -HOUR);
    let mut it = EventPlan {
        id: id(),
        plan,
        published: Some(NOW + -DAY),
        cancelled: None,
        memo: None,
    };
    let page = |it: &EventPlan| {
        let row = row("event_plan", &id().to_string(), &json!(it));
        html(Role::Hr, &Page::Plan(id()), vec![row])
    };
    let owed = "録画を届けると約束した催しです";
    let empty = page(&it);
    assert!(
        empty.contains(r#"name="memo""#) && empty.contains(owed),
        "{empty}"
    );
    let written = json!({ "at": NOW, "text": { "ja": "集合は3階" }, "recording": "https://meet.example.jp/r" });
    let today = |it: &EventPlan| {
        let row = row("event_plan", &id().to_string(), &json!(it));
        html(Role::Hr, &Page::Today, vec![row])
    };
    assert!(
        today(&it).contains("届けると約束した録画"),
        "what we owe stands on 今日"
    );
    it.memo = serde_json::from_value(written).unwrap();
    assert!(!today(&it).contains("届けると約束した録画"));
    let again = page(&it);
    assert!(
        again.contains("集合は3階") && again.contains(r#"value="https://meet.example.jp/r""#),
        "{again}"
    );
    assert!(!again.contains(owed), "what was promised is there");
}

#[test]
fn who_comes_is_listed_and_who_declined_is_a_number() {
    for page in [Page::Plan(id()), Page::Door(id())] {
        let html = html(Role::Hr, &page, evening_with_guests());
        assert!(html.contains("青井 葵") && html.contains("木村 蓮"));
        assert!(!html.contains("辻 断"), "{page:?}");
    }
    let plan = html(Role::Hr, &Page::Plan(id()), evening_with_guests());
    for said in [
        "参加 (会場)",
        "参加 (オンライン)",
        "キャンセル待ち 2番目 (会場)",
        "空いた席を案内中・",
        "未定",
        "<dt>不参加</dt><dd>6人</dd>",
        "18:00",
        "names.csv",
        "受付を開く",
        "cancel-word",
    ] {
        assert!(plan.contains(said), "{said}: {plan}");
    }
}

/// Groups of two, with everything that can be wrong with them.
fn groups() -> RowChange {
    let [aoi, ren, gone] = [2, 3, 99].map(MemberId::random);
    let groups = json!({
        "groups": [
            { "number": 1, "way": "on_site", "members": [aoi, gone] },
            { "number": 2, "way": "on_site", "members": [gone] },
        ],
        "together": [[aoi, ren], [aoi, gone]], "alone": [aoi], "apart": [[aoi, ren], [aoi, gone]], "at": NOW,
    });
    row("event_breakouts", &id().to_string(), &groups)
}

#[test]
fn groups_are_read_with_what_could_not_be_had() {
    let none = html(Role::Hr, &Page::Plan(id()), evening_with_guests());
    assert!(
        none.contains(">グループを作る<") && none.contains("3〜5人"),
        "{none}"
    );
    let mut rows = evening_with_guests();
    rows.push(groups());
    let page = html(Role::Mentor, &Page::Plan(id()), rows);
    for said in [
        ">グループ1<",
        "青井 葵さんと木村 蓮さんは、別のグループにできませんでした。",
        "青井 葵さんは、グループに同じ学校の方がいません。",
        "まだグループのない方: 木村 蓮さん。",
        ">グループを作り直す<",
        "青井 葵さんと木村 蓮さんの組を外す",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains(">グループ2<"), "everybody left it");
    assert!(
        html(Role::Hr, &Page::Plan(id()), vec![event(dinner(), None)])
            .matches("グループ")
            .count()
            == 0,
        "a draft has none"
    );
}

#[test]
fn a_mentor_reads_and_opens_the_door_and_changes_nothing() {
    let plan = html(Role::Mentor, &Page::Plan(id()), evening_with_guests());
    assert!(plan.contains("受付を開く") && plan.contains("青井 葵"));
    for hidden in ["/edit", "?from=", "cancel-word", "公開する", "下書き"] {
        assert!(!main_of(&plan).contains(hidden), "{hidden}");
    }
    let list = html(Role::Mentor, &Page::Plans, Vec::new());
    assert!(!list.contains("/staff/events/new") && list.contains("担当になると"));
}

#[test]
fn the_door_shows_who_is_in_and_lets_in_by_a_tap() {
    let door = html(Role::Mentor, &Page::Door(id()), evening_with_guests());
    assert!(door.contains("id=\"door-code\"") && door.contains("木村 蓮さんの受付をする"));
    assert!(!door.contains("青井 葵さんの受付をする"), "is in already");
    assert!(
        door.contains("<dt>出席</dt><dd>1人</dd>") && door.contains("<dt>参加</dt><dd>2人</dd>")
    );
}

#[test]
fn an_event_that_is_not_here_says_so() {
    for page in [Page::Plan(id()), Page::EditPlan(id()), Page::Door(id())] {
        let html = html(Role::Hr, &page, Vec::new());
        assert!(html.contains("このイベントは見つかりません"), "{page:?}");
    }
}

#[test]
fn every_screen_speaks_english_and_carries_no_style() {
    let pages = [
        Page::Plans,
        Page::NewPlan(None),
        Page::NewPlan(Some(id())),
        Page::Plan(id()),
        Page::EditPlan(id()),
        Page::Door(id()),
    ];
    for page in pages {
        let ja = html(Role::Hr, &page, evening_with_guests());
        assert!(!ja.contains(" style="), "{page:?}");
        assert!(!ja.contains("見つかりません"), "{page:?}");
        let mut rows = evening_with_guests();
        rows.push(groups());
        let en = html_in(Language::En, Role::Hr, &page, rows);
        for ja in ["参加", "会場", "下書き", "名簿", "受付", "グループ"] {
            assert!(!main_of(&en).contains(ja), "{page:?}: {ja}");
        }
    }
}

#[test]
fn what_was_written_comes_back_into_the_form_as_it_was() {
    Owner::new_root(None).with(|| {
        let mut plan = dinner();
        let again = |plan: &Plan| {
            let fields = Fields::new("test", Some(plan), NOW);
            fields.typed(id()).unwrap().checked(NOW).unwrap()
        };
        assert_eq!(again(&plan), plan);
        // Another with everything the other way round: over midnight, everybody, no deadline of its own.
        (plan.ends, plan.closes) = (plan.starts + 9 * HOUR, plan.starts);
        (plan.on_site, plan.text, plan.bring) = (None, None, None);
        (plan.has_waitlist, plan.invited) = (false, domain::event::Invited::Cohort(2027));
        assert_eq!(again(&plan), plan);
        let copy = copied(&plan, plan.starts + 20 * DAY);
        assert_eq!(copy.starts, plan.starts + 21 * DAY);
        assert_eq!(copy.ends.since(copy.starts), plan.ends.since(plan.starts));
    });
}

#[test]
fn a_refused_form_keeps_everything_that_was_typed() {
    Owner::new_root(None).with(|| {
        let fields = Fields::new("test", None, NOW);
        let refused = || {
            fields
                .typed(id())
                .and_then(|it| it.checked(NOW))
                .unwrap_err()
        };
        assert_eq!(
            refused(),
            Refusal::FieldWrong {
                field: Field::First
            }
        );
        let type_in = |it, text: &str| fields.of(it).keep(text.to_owned());
        type_in(It::Title, "座談会");
        type_in(It::Text, "一行目\n二行目");
        // A Wednesday in November, in class hours.
        type_in(It::Day, "2026-11-25");
        type_in(It::From, "10:00");
        type_in(It::To, "11:30");
        type_in(It::Place, "本社");
        assert_eq!(refused(), Refusal::TermTime);
        type_in(It::Minutes, "たくさん");
        assert_eq!(
            refused(),
            Refusal::FieldWrong {
                field: Field::Minutes
            }
        );
        type_in(It::Minutes, "");
        type_in(It::Again, "11月28日(土) 10:00");
        let plan = fields.typed(id()).unwrap().checked(NOW).unwrap();
        assert_eq!((plan.minutes, plan.closes), (90, plan.starts));
        assert_eq!(fields.get(It::Text), "一行目\n二行目");
    });
}
