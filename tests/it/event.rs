//! Events: a place is one person's, a line is fair, nobody comes without saying yes, and a no is quiet.

use app::online::Online;
use domain::{
    event::{Answer, Invited, RemoveGuest, WriteEvent},
    id::EventId,
    sync::mutation::Mutation,
    time::{DAY, HOUR, MINUTE},
};
use expect_test::expect;
use futures::future::join_all;
use tests::{
    Device, Town, both_engines, calendar,
    gathering::{AFAR, HERE, dinner},
    village::{cast, starts},
};

use crate::mail;

async fn phones<const N: usize>(town: &Town, keys: [&str; N]) -> [Device; N] {
    let phones = join_all(keys.map(|key| town.loaded_phone_of(key))).await;
    phones
        .try_into()
        .unwrap_or_else(|_| unreachable!("as many phones as keys"))
}

async fn look(phones: &[&Device]) {
    join_all(phones.iter().map(|it| it.sync())).await;
}

/// Subjects of somebody's mails about events, oldest first.
async fn told(town: &Town, key: &str) -> Vec<String> {
    town.run_jobs().await;
    mail::to(town, key)
        .into_iter()
        .map(|it| it.subject)
        .collect()
}

async fn rewrite(
    town: &Town,
    event: EventId,
    places: u16,
    with: impl FnOnce(&mut WriteEvent),
) -> Device {
    let mut it = dinner(event, places, starts("fri-1830"));
    with(&mut it);
    let sato = town.loaded_phone_of("sato").await;
    sato.wish(Mutation::WriteEvent(Box::new(it))).await;
    sato
}

both_engines! {
    /// The whole way of a place: taken, given back, offered to who waited longest, taken again. Each is told once.
    async fn a_freed_place_goes_to_who_waited_longest(town) {
        let event = town.invite_to_dinner(1, |_| {}).await;
        let [aoi, ren, mei] = phones(&town, ["aoi", "ren", "mei"]).await;
        for phone in [&aoi, &ren, &mei] {
            phone.answer(event, HERE).await;
        }
        look(&[&aoi, &ren, &mei]).await;
        assert_eq!([aoi.reply_to(event), ren.reply_to(event), mei.reply_to(event)], ["going", "waiting 0", "waiting 1"]);
        aoi.answer(event, Answer::Declined).await;
        look(&[&ren, &mei]).await;
        assert_eq!([aoi.reply_to(event), ren.reply_to(event), mei.reply_to(event)], ["declined", "offered", "waiting 0"]);
        // Ren says no from the mail's page; Mei says yes.
        let reply = town.browser_of("ren").post(&format!("/event/{event}/reply"), &[("answer", "declined")]).await;
        assert_eq!(reply.header("location").split('?').next(), Some(&*format!("/event/{event}")));
        look(&[&mei]).await;
        assert_eq!(mei.reply_to(event), "offered");
        mei.answer(event, HERE).await;
        assert_eq!(mei.reply_to(event), "going");
        assert_eq!(town.count("select count(*) from rsvps where place is not null").await, 1);
        assert_eq!(told(&town, "ren").await, Vec::<String>::new(), "the offer had passed before its mail was written");
        assert_eq!(told(&town, "mei").await, ["参加の確定：夕食会"]);
        town.assert_projection_is_rebuild().await;
    }

    /// An offer that nobody takes ends after two days, by itself, and goes on.
    async fn an_offer_ends_and_goes_on(town) {
        let event = town.invite_to_dinner(1, |it| it.starts = starts("fri+2-1830")).await;
        let [aoi, ren, mei] = phones(&town, ["aoi", "ren", "mei"]).await;
        for phone in [&aoi, &ren, &mei] {
            phone.answer(event, HERE).await;
        }
        aoi.answer(event, Answer::Maybe).await;
        assert!(told(&town, "ren").await.contains(&"席が空きました：夕食会".to_owned()));
        town.pass(48 * HOUR + MINUTE);
        town.run_jobs().await;
        look(&[&aoi, &ren, &mei]).await;
        assert_eq!([aoi.reply_to(event), ren.reply_to(event), mei.reply_to(event)], ["maybe", "lapsed", "offered"]);
        let offers = |all: Vec<String>| all.iter().filter(|it| it.starts_with("席が空きました")).count();
        assert_eq!((offers(told(&town, "ren").await), offers(told(&town, "mei").await)), (1, 1));
        town.assert_projection_is_rebuild().await;
    }

    /// Five hundred people and forty places, all at once: forty come, the others stand in one line.
    async fn five_hundred_ask_for_forty_places(town) {
        let event = town.invite_to_dinner(40, |_| {}).await;
        let crowd = town.crowd(500).await;
        join_all(crowd.iter().map(|it| it.answer(event, HERE))).await;
        let count = async |sql| town.count(sql).await;
        assert_eq!(count("select count(*) from rsvps where state = 'going'").await, 40);
        assert_eq!(count("select count(distinct place) from rsvps").await, 40);
        assert_eq!(count("select max(place) from rsvps").await, 40);
        assert_eq!(count("select count(distinct line) from rsvps where state = 'waiting'").await, 460);
        // Ten more places: the first ten of the line are asked, each once.
        rewrite(&town, event, 50, |_| {}).await;
        assert_eq!(count("select count(*) from rsvps where state = 'offered'").await, 10);
        assert_eq!(count("select count(*) from rsvps w join rsvps o on o.state = 'offered' and w.state = 'waiting' and w.at < o.at and w.line < 11").await, 0);
        assert_eq!(count("select count(*) from jobs where kind = 'event' and key like '%:offered'").await, 10);
        town.assert_projection_is_rebuild().await;
    }

    /// Places change hands in one commit: those who give up and those who follow them, in any order.
    async fn places_change_hands_in_one_commit(town) {
        let event = town.invite_to_dinner(20, |it| it.online = None).await;
        let crowd = town.crowd(60).await;
        join_all(crowd.iter().map(|it| it.answer(event, HERE))).await;
        for _ in 0..3 {
            join_all(crowd.iter().map(Device::sync)).await;
            let next = crowd.iter().map(|it| async move {
                match it.reply_to(event).as_str() {
                    "going" => it.answer(event, Answer::Declined).await,
                    _ => it.answer(event, HERE).await,
                }
            });
            join_all(next).await;
            let held = town.count("select count(*) from rsvps where state in ('going', 'offered')").await;
            assert_eq!((held, town.count("select count(distinct place) from rsvps").await), (20, 20));
        }
        town.assert_projection_is_rebuild().await;
    }

    /// One tap, no reason, nobody is named: those who plan see a count.
    async fn a_no_is_quiet(town) {
        let event = town.invite_to_dinner(5, |it| it.hosts = vec![cast("mio").id()]).await;
        let [aoi, ren] = phones(&town, ["aoi", "ren"]).await;
        aoi.answer(event, Answer::Declined).await;
        ren.answer(event, Answer::Maybe).await;
        for key in ["sato", "mio"] {
            let phone = town.loaded_phone_of(key).await;
            let view = phone.seen().view;
            let names: Vec<_> = view.guests.values().map(|it| it.name.to_string()).collect();
            assert_eq!(names, ["蓮見 蓮"], "{key}");
            let places = &view.event_places[&event];
            assert_eq!((places.maybe, places.declined), (Some(1), Some(1)));
        }
        let csv = town.browser_of("mio").get(&format!("/staff/events/{event}/names.csv")).await.text();
        assert!(csv.contains("蓮見 蓮,未定") && !csv.contains("青井"), "{csv}");
        // The others read no count of it.
        assert_eq!(ren.seen().view.event_places[&event].declined, None);
        assert_eq!(told(&town, "aoi").await, Vec::<String>::new(), "who has answered is not asked");
    }

    /// An event for some is nothing for the others: no row, no answer, no page, and none for other mentors.
    async fn an_event_is_for_who_is_invited(town) {
        let chosen = vec![cast("aoi").id()];
        let event = town.invite_to_dinner(5, |it| it.invited = Invited::Chosen(chosen)).await;
        let [aoi, ren, mio] = phones(&town, ["aoi", "ren", "mio"]).await;
        assert!(aoi.seen().view.events.contains_key(&event));
        for other in [&ren, &mio] {
            let rows = other.rows();
            assert!(rows.iter().all(|it| !it.0.starts_with("event") && *it.0 != *"guest"), "{rows:?}");
        }
        ren.answer(event, HERE).await;
        assert_eq!(ren.refusals(), ["not_there"]);
        mio.check_in(event, "ABCDEF").await;
        assert_eq!(mio.refusals(), ["not_there"]);
        let csv = format!("/staff/events/{event}/names.csv");
        for key in ["ren", "mio", "doi"] {
            assert_eq!(town.browser_of(key).get(&csv).await.status.as_u16(), 404, "{key}");
        }
        // Ren is invited, too, and Aoi no more: the rows follow.
        let ren_only = vec![cast("ren").id()];
        rewrite(&town, event, 5, |it| it.invited = Invited::Chosen(ren_only)).await;
        look(&[&aoi, &ren]).await;
        assert!(!aoi.seen().view.events.contains_key(&event) && ren.seen().view.events.contains_key(&event));
        town.assert_projection_is_rebuild().await;
    }

    /// A draft is nobody's but HR's.
    async fn a_draft_is_not_shown(town) {
        let event = EventId::born(town.now(), town.chance());
        let sato = town.loaded_phone_of("sato").await;
        sato.wish(Mutation::WriteEvent(Box::new(dinner(event, 5, starts("fri-1830"))))).await;
        assert!(sato.seen().view.event_plans[&event].published.is_none());
        let aoi = town.loaded_phone_of("aoi").await;
        assert!(aoi.seen().view.events.is_empty());
        aoi.answer(event, HERE).await;
        assert_eq!(aoi.refusals(), ["not_there"]);
        assert_eq!(told(&town, "aoi").await, Vec::<String>::new());
    }

    /// A draft whose date has gone by can still be taken away.
    async fn an_old_draft_goes(town) {
        let event = EventId::born(town.now(), town.chance());
        let sato = town.loaded_phone_of("sato").await;
        sato.wish(Mutation::WriteEvent(Box::new(dinner(event, 5, starts("fri-1830"))))).await;
        town.pass(30 * DAY);
        town.call_off(event, "").await;
        sato.sync().await;
        assert_eq!(sato.seen().view.event_plans[&event].cancelled.as_ref().map(|it| &it.word), Some(&None));
    }

    /// What changed is told to those who replied, with what it was; the calendar follows under the same name.
    async fn what_changes_is_told_with_what_it_was(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let [aoi, ren] = phones(&town, ["aoi", "ren"]).await;
        aoi.answer(event, HERE).await;
        town.run_jobs().await;
        rewrite(&town, event, 5, |it| it.place = "本社 3階".into()).await;
        look(&[&aoi, &ren]).await;
        let seen = aoi.seen();
        assert_eq!(seen.view.events[&event].edits[0].place.as_deref(), Some("食堂みなと"));
        let ics = seen.view.rsvps[&event].ics.replace("\r\n ", "");
        assert!(ics.contains("LOCATION:本社 3階") && ics.contains("SEQUENCE:2"), "{ics}");
        assert_eq!(told(&town, "aoi").await.last().map(String::as_str), Some("変更：夕食会"));
        assert!(!told(&town, "ren").await.contains(&"変更：夕食会".to_owned()), "who has not answered is not troubled");
        town.assert_projection_is_rebuild().await;
    }

    /// Called off with a word; whoever had a place reads it, and the calendar entry goes.
    async fn an_event_is_called_off_with_a_word(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.answer(event, HERE).await;
        town.run_jobs().await;
        let sato = town.loaded_phone_of("sato").await;
        town.call_off(event, " ").await;
        sato.sync().await;
        assert_eq!(sato.refusals(), ["word_needed"]);
        town.call_off(event, "台風のため中止します。").await;
        aoi.sync().await;
        let word = aoi.seen().view.events[&event].cancelled.clone().and_then(|it| it.word);
        assert_eq!(word.as_deref(), Some("台風のため中止します。"));
        town.run_jobs().await;
        let last = mail::to(&town, "aoi").pop().unwrap();
        assert!(last.subject.starts_with("中止") && last.text.contains("台風のため"), "{}", last.subject);
        assert!(String::from_utf8_lossy(&last.raw).contains("method=CANCEL"));
        aoi.answer(event, Answer::Maybe).await;
        assert_eq!(aoi.refusals(), ["event_cancelled"]);
        town.assert_projection_is_rebuild().await;
    }

    /// The door: twice is as good as once, a wrong code is said to be one, and an offline host is believed later.
    async fn the_door_works_without_a_signal(town) {
        let event = town.invite_to_dinner(5, |it| it.hosts = vec![cast("mio").id()]).await;
        let [aoi, mio] = phones(&town, ["aoi", "mio"]).await;
        aoi.answer(event, HERE).await;
        let code = aoi.door_code(event);
        mio.sync().await;
        town.move_to(starts("fri-1830") + -10 * MINUTE);
        mio.sync().await;
        mio.offline();
        mio.check_in(event, &code.to_lowercase()).await;
        let is_in = |phone: &Device| phone.seen().view.guests.values().any(|it| it.attended.is_some());
        assert!(is_in(&mio), "the host sees it at once");
        town.pass(HOUR);
        mio.online().await;
        mio.check_in(event, &code).await;
        aoi.sync().await;
        assert_eq!(aoi.seen().view.rsvps[&event].attended, Some(starts("fri-1830") + -10 * MINUTE));
        mio.check_in(event, "ZZZZZZ").await;
        assert_eq!(mio.refusals(), ["code_unknown"]);
        assert_eq!(town.count("select count(*) from rsvps where attended_at is not null").await, 1);
        town.assert_projection_is_rebuild().await;
    }

    /// A place is taken back with a word, and goes to who waits.
    async fn a_place_is_taken_back_with_a_word(town) {
        let event = town.invite_to_dinner(1, |_| {}).await;
        let [aoi, ren, sato] = phones(&town, ["aoi", "ren", "sato"]).await;
        aoi.answer(event, HERE).await;
        ren.answer(event, HERE).await;
        let remove = |word: &str| Mutation::RemoveGuest(RemoveGuest { event, member: cast("aoi").id(), word: word.into() });
        sato.wish(remove("")).await;
        assert_eq!(sato.refusals(), ["word_needed"]);
        sato.read_outcomes().await;
        sato.wish(remove("前回参加した方は、今回はお譲りください。")).await;
        look(&[&aoi, &ren]).await;
        assert_eq!([aoi.reply_to(event), ren.reply_to(event)], ["declined", "offered"]);
        assert!(aoi.seen().view.rsvps[&event].word.is_some());
        assert!(told(&town, "aoi").await.contains(&"席について：夕食会".to_owned()));
        town.assert_projection_is_rebuild().await;
    }

    /// Who is nobody here any more has no place, and it goes on.
    async fn who_leaves_gives_the_place_on(town) {
        let crowd = town.crowd(2).await;
        let event = town.invite_to_dinner(1, |_| {}).await;
        look(&[&crowd[0]]).await;
        crowd[0].answer(event, HERE).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.answer(event, HERE).await;
        town.crowd_leaves().await;
        aoi.sync().await;
        assert_eq!(aoi.reply_to(event), "offered");
        town.assert_projection_is_rebuild().await;
    }

    /// Exactly one reminder, on the evening before, to who comes.
    async fn one_reminder_on_the_evening_before(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let [aoi, ren] = phones(&town, ["aoi", "ren"]).await;
        aoi.answer(event, HERE).await;
        ren.answer(event, Answer::Maybe).await;
        town.run_jobs().await;
        let mut times = Vec::new();
        town.move_to(starts("thu-0000"));
        while town.now() < starts("fri-2200") {
            let count = mail::to(&town, "aoi").len();
            town.run_jobs().await;
            if mail::to(&town, "aoi").len() > count {
                times.push(format!("{} {}", town.now().day(), town.now().clock()));
            }
            town.pass(15 * MINUTE);
        }
        assert_eq!(times, ["2030-11-14 18:00"]);
        assert_eq!(mail::to(&town, "aoi").pop().map(|it| it.subject).as_deref(), Some("明日です：夕食会"));
        assert!(mail::to(&town, "ren").iter().all(|it| !it.subject.starts_with("明日")));
    }

    /// A hybrid event has two kinds of places; the link goes to who takes part by it, and to nobody else.
    async fn a_link_goes_to_who_takes_part_by_it(town) {
        let event = town.invite_to_dinner(1, |it| { it.link = "https://meet.example.jp/dinner".into(); it.online = Some(1); }).await;
        let [aoi, ren, mei] = phones(&town, ["aoi", "ren", "mei"]).await;
        aoi.answer(event, HERE).await;
        ren.answer(event, AFAR).await;
        mei.answer(event, AFAR).await;
        assert_eq!([aoi.reply_to(event), ren.reply_to(event), mei.reply_to(event)], ["going", "online", "waiting 0"]);
        let has_link = |phone: &Device| phone.rows().iter().any(|it| it.4.as_ref().is_some_and(|it| it.get().contains("meet.example.jp/dinner")));
        look(&[&aoi, &ren, &mei]).await;
        assert_eq!([has_link(&aoi), has_link(&ren), has_link(&mei)], [false, true, false]);
    }

    /// Asked in a tunnel: it is shown as asked, and decided when there is a signal.
    async fn an_answer_in_a_tunnel_is_asked_then_decided(town) {
        let event = town.invite_to_dinner(1, |_| {}).await;
        let [aoi, ren] = phones(&town, ["aoi", "ren"]).await;
        aoi.offline();
        aoi.answer(event, HERE).await;
        assert!(aoi.seen().replying.contains_key(&event));
        assert_eq!(aoi.reply_to(event), "", "nothing is confirmed before the server said so");
        ren.answer(event, HERE).await;
        aoi.online().await;
        aoi.sync().await;
        assert_eq!([aoi.reply_to(event), ren.reply_to(event)], ["waiting 0", "going"]);
        assert!(!aoi.seen().replying.contains_key(&event));
    }
}

/// The calendar entry of a place, with Japanese text, as other software reads it; a move and an end replace it.
#[tokio::test]
async fn a_place_is_an_entry_in_a_calendar() {
    let town = Town::new(tests::Engine::Sqlite).await;
    let long = "とても長い名前の懇親会で、カレンダーの一行に収まらず、文字の途中で折られることのないもの; 持ち物, 場所\\時間";
    let event = town.invite_to_dinner(5, |it| it.title = long.into()).await;
    let aoi = town.loaded_phone_of("aoi").await;
    aoi.answer(event, HERE).await;
    let file = |phone: &Device| phone.seen().view.rsvps[&event].ics.clone();
    let ics = file(&aoi);
    assert!(
        ics.split("\r\n").all(|it| it.len() <= 75),
        "a line has at most 75 bytes: {ics}"
    );
    expect![[r"
        PUBLISH
        EVENT@kakehashi 1 CONFIRMED
        2030-11-15T09:30:00+00:00 2030-11-15T11:30:00+00:00
        とても長い名前の懇親会で、カレンダーの一行に収まらず、文字の途中で折られることのないもの; 持ち物, 場所\時間
        食堂みなと
    "]]
    .assert_eq(&calendar::read(&ics).replace(&event.to_string(), "EVENT"));
    rewrite(&town, event, 5, |it| {
        it.title = "夕食会".into();
        it.starts = it.starts + HOUR;
    })
    .await;
    town.call_off(event, "台風のため").await;
    aoi.sync().await;
    expect![[r"
        CANCEL
        EVENT@kakehashi 3 CANCELLED
        2030-11-15T10:30:00+00:00 2030-11-15T11:30:00+00:00
        夕食会
        食堂みなと
    "]]
    .assert_eq(&calendar::read(&file(&aoi)).replace(&event.to_string(), "EVENT"));
}

/// The secret calendar of a person holds their interviews and their events.
#[tokio::test]
async fn a_secret_calendar_holds_both() {
    let town = Town::new(tests::Engine::Sqlite).await;
    town.open("mio", ["tue-1000"]).await;
    let event = town.invite_to_dinner(5, |_| {}).await;
    let aoi = town.loaded_phone_of("aoi").await;
    aoi.ask_for(["tue-1000"]).await;
    aoi.answer(event, HERE).await;
    let made = town.browser_of("aoi").post("/me/calendar", &[]).await;
    let Some(Online::Calendar(feed)) = crate::start_of(&made).online else {
        panic!("no calendar")
    };
    let address = feed.address.expect("shown once");
    let path = address.split("localhost:3000").nth(1).expect("ours");
    let ics = town.visitor().get(path).await.text();
    let read = calendar::read(&ics);
    let names: Vec<&str> = read
        .lines()
        .filter(|it| it.contains("面談") || it.contains("夕食会"))
        .collect();
    assert_eq!(names, ["15分面談：森 美緒さん", "夕食会"], "{read}");
}
