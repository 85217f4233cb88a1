//! What must hold, each rule by its name: as far as the machine alone can show it.

use super::{
    model::{NEXT_MS, Server, UNREADABLE},
    phone::{Fuse, Phone, wish},
};
use crate::{
    id::{BookingId, HistoryId, MemberId, MutationId, SlotId},
    member::Role,
    refusal::Refusal,
    sync::{
        machine::{ANSWER_WITHIN, Hold, LONGEST_PAUSE, News, Step},
        mutation::Mutation,
        outbox::{Full, JOURNAL_ENTRIES, MOST_ENTRIES},
        replica::Standing,
        row::Verdict,
        wire::{Answer, Answered, AudienceChanges, Problem, RowChange, SyncAnswer},
    },
    time::{DAY, HOUR, MINUTE, Time},
};

/// 2030-11-05 09:00 in Tokyo.
const MORNING: Time = Time::from_millis(1_920_067_200_000);
const TEN_YEARS: i64 = 3_650 * DAY;

fn aoi() -> MemberId {
    MemberId::random(101)
}

fn ren() -> MemberId {
    MemberId::random(102)
}

fn mio() -> MemberId {
    MemberId::random(103)
}

fn booking(n: u128) -> BookingId {
    BookingId::random(9_000 + n)
}

/// A server with three slots of Mio, and the phones of Aoi and Ren, who want them.
fn town() -> (Server, Phone, Phone) {
    let mut server = Server::new(MORNING);
    server.admit(aoi(), "Aoi", Role::OfferHolder);
    server.admit(ren(), "Ren", Role::OfferHolder);
    server.admit(mio(), "Mio", Role::Mentor);
    let (mut a, mut r, mut m) = (
        Phone::new(aoi(), 1),
        Phone::new(ren(), 2),
        Phone::new(mio(), 3),
    );
    for n in 0..3_u8 {
        let starts = wish::start(MORNING, 30 + i64::from(n));
        say(
            &mut m,
            &wish::open(SlotId::random(1_000 + u128::from(n)), starts),
        );
    }
    for phone in [&mut m, &mut a, &mut r] {
        phone.settle(&mut server);
    }
    (server, a, r)
}

fn say(phone: &mut Phone, mutation: &Mutation) -> MutationId {
    let id = phone.act(0, mutation, MORNING).expect("room");
    id.expect("saved")
}

fn ask(phone: &mut Phone, n: u128) -> MutationId {
    let wish = wish::ask(&phone.tabs[0], booking(n), 0);
    say(phone, &wish)
}

/// Lets time pass until the phone has nothing to send.
fn deliver(server: &mut Server, phone: &mut Phone) {
    let begun = server.now;
    while !phone.tabs[0].outbox().is_empty() {
        match phone.exchange(server, 0) {
            Ok(_) => {}
            Err(Step::Wait(until)) => server.now = until + -phone.skew,
            Err(step) => panic!("nothing should hold it up: {step:?}"),
        }
        assert!(server.now.since(begun) < HOUR, "delivers within the hour");
    }
    phone.settle(server);
}

/// The phone sends, and this is what it hears.
fn hear(phone: &mut Phone, answer: Answer, now: Time) {
    let (ticket, _) = phone.next(0, now).expect("something to send");
    phone.answer(0, ticket, answer, now);
}

fn sorted(mut rows: Vec<RowChange>) -> Vec<RowChange> {
    rows.sort_by(|one, other| (&one.3, &one.0, &one.1).cmp(&(&other.3, &other.0, &other.1)));
    rows
}

fn assert_converged(server: &Server, phone: &Phone) {
    let expected = server.projection(phone.who);
    assert_eq!(sorted(phone.tabs[0].replica().rows()), expected);
    assert_eq!(sorted(phone.store.rows()), expected);
}

fn effects(server: &Server, id: MutationId) -> usize {
    server.effects.iter().filter(|it| it.1 == id).count()
}

#[test]
fn no_lost_write() {
    for trouble in 0..5 {
        let (mut server, mut phone, _) = town();
        let id = ask(&mut phone, 1);
        let (ticket, request) = phone.next(0, MORNING).expect("a request");
        match trouble {
            0 => phone.answer(0, ticket, Answer::Unclear, MORNING),
            1 => phone.crash(0),
            2 => {
                server.sync(aoi(), &request);
                phone.answer(0, ticket, Answer::Unclear, MORNING);
            }
            _ => {
                phone.fuse = Some([Fuse::BeforeWrite, Fuse::AfterWrite][trouble - 3]);
                let answer = server.sync(aoi(), &request);
                phone.answer(0, ticket, answer, MORNING);
            }
        }
        let is_kept = phone.store.holds(id);
        assert!(is_kept, "neither sent nor kept after trouble {trouble}");
        deliver(&mut server, &mut phone);
        assert_eq!(server.outcome(aoi(), id), Some(&None));
        assert_eq!(effects(&server, id), 1);
        assert_converged(&server, &phone);
    }
}

#[test]
fn at_most_once() {
    let (mut server, mut phone, _) = town();
    let id = ask(&mut phone, 1);
    let mut twin = phone.cloned(77);
    let (ticket, request) = phone.next(0, MORNING).expect("a request");
    for _ in 0..3 {
        server.sync(aoi(), &request);
    }
    phone.answer(0, ticket, Answer::Unclear, MORNING);
    deliver(&mut server, &mut phone);
    deliver(&mut server, &mut twin);
    hear(&mut twin, Answer::Problem(Problem::Forked), MORNING + DAY);
    server.now = MORNING + DAY;
    deliver(&mut server, &mut twin);
    assert_eq!(effects(&server, id), 1);
    assert_converged(&server, &twin);
}

#[test]
fn contiguous_numbers() {
    let (mut server, mut phone, _) = town();
    let device = phone.tabs[0].numbers().device;
    let mut ids = Vec::new();
    for n in 0..120 {
        let text = match n {
            7 => UNREADABLE.to_owned(),
            9 => "x".repeat(5_000),
            n => format!("{n}"),
        };
        ids.push(say(&mut phone, &wish::profile(&text)));
    }
    phone.learn(0, News::GaveUp(ids[60]), MORNING);
    deliver(&mut server, &mut phone);
    // Had a number been missing or used twice, the phone would have taken another id.
    assert_eq!(phone.tabs[0].numbers().device, device);
    assert_eq!(server.numbered(device), ids);
    assert_eq!(phone.tabs[0].numbers().next_n, 121);
    let dead: Vec<_> = phone.tabs[0]
        .dead()
        .iter()
        .map(|it| it.envelope.id)
        .collect();
    assert_eq!(dead.len(), 2, "two letters, and not one of nothing");
    assert!(dead.contains(&ids[7]) && dead.contains(&ids[9]));
}

#[test]
fn a_dead_letter_can_be_tried_again() {
    let (mut server, mut phone, _) = town();
    let old = say(&mut phone, &wish::profile(&"x".repeat(5_000)));
    deliver(&mut server, &mut phone);
    assert!(phone.store.is_dead(old));
    server.most_bytes = 10_000;
    phone.learn(0, News::Revived(old), MORNING);
    assert!(!phone.store.is_dead(old));
    deliver(&mut server, &mut phone);
    assert_eq!(server.outcome(aoi(), old), Some(&Some(Refusal::GivenUp)));
    assert_eq!(phone.tabs[0].dead(), []);
    assert_converged(&server, &phone);
}

#[test]
fn acknowledgement_and_effect_are_one() {
    let (mut server, mut phone, _) = town();
    server.page = 1;
    let id = ask(&mut phone, 1);
    let mut pages = 0;
    while phone.exchange(&mut server, 0).is_ok() {
        pages += 1;
        let is_waiting = phone.tabs[0].outbox().iter().any(|it| it.envelope.id == id);
        let is_shown = phone.tabs[0]
            .replica()
            .view()
            .bookings
            .contains_key(&booking(1));
        assert_ne!(is_waiting, is_shown, "in memory, after page {pages}");
        let stored = phone.store.stored();
        let is_waiting = stored.outbox.iter().any(|it| it.envelope.id == id);
        let is_shown = stored.rows.iter().any(|it| &*it.0 == "booking");
        assert_ne!(is_waiting, is_shown, "in the store, after page {pages}");
        // The wish is not sent again with every page.
        let last = server.numbered(phone.tabs[0].numbers().device).len();
        assert_eq!(last, 1);
    }
    assert!(pages > 2);
    assert_converged(&server, &phone);
}

#[test]
fn per_device_order() {
    let (mut server, mut phone, _) = town();
    let ids: Vec<_> = (0..120)
        .map(|n| say(&mut phone, &wish::profile(&format!("{n:0>200}"))))
        .collect();
    for n in 0.. {
        let Ok((ticket, request)) = phone.next(0, server.now) else {
            server.now = server.now + LONGEST_PAUSE;
            if phone.tabs[0].outbox().is_empty() {
                break;
            }
            continue;
        };
        let answer = server.sync(aoi(), &request);
        let answer = if n % 3 == 0 { Answer::Unclear } else { answer };
        phone.answer(0, ticket, answer, server.now);
    }
    let done: Vec<_> = server.effects.iter().filter(|it| it.0 == aoi()).collect();
    assert!(done.iter().map(|it| it.1).eq(ids));
}

#[test]
fn truthful_screen() {
    let (mut server, mut a, mut r) = town();
    let (won, lost) = (ask(&mut a, 1), ask(&mut r, 2));
    let seen = a.tabs[0].seen(MORNING);
    assert_eq!(seen.asked[0].standing, Standing::Saved);
    assert!(seen.view.bookings.is_empty());
    let (ticket, request) = a.next(0, MORNING).expect("a request");
    let seen = a.tabs[0].seen(MORNING);
    assert_eq!(seen.asked[0].standing, Standing::Sending);
    assert!(seen.view.bookings.is_empty());
    let answer = server.sync(aoi(), &request);
    a.answer(0, ticket, answer, MORNING);
    let seen = a.tabs[0].seen(MORNING);
    assert!(seen.asked.is_empty());
    assert_eq!(seen.standing("booking", booking(1)), Standing::Confirmed);
    assert_eq!(
        seen.view.bookings.get(&booking(1)),
        server.booking(booking(1))
    );
    deliver(&mut server, &mut r);
    let seen = r.tabs[0].seen(MORNING);
    assert!(seen.asked.is_empty() && seen.view.bookings.is_empty());
    let verdict = |phone: &Phone, id| {
        let seen = phone.tabs[0].seen(MORNING);
        seen.view.outcomes[&id].verdict.clone()
    };
    assert_eq!(verdict(&a, won), Verdict::Ok);
    assert!(matches!(verdict(&r, lost), Verdict::Refused(_)), "told why");
    // Another device cancels: nothing here goes on saying that it is so.
    let mut other = Phone::new(aoi(), 9);
    other.settle(&mut server);
    say(&mut other, &wish::cancel(booking(1)));
    deliver(&mut server, &mut other);
    a.learn(0, News::Kick, server.now);
    a.settle(&mut server);
    assert!(!a.tabs[0].seen(MORNING).view.bookings[&booking(1)].is_live());
}

#[test]
fn a_row_of_a_newer_server_does_not_leave_the_old_one_on_the_screen() {
    let (mut server, mut phone, _) = town();
    ask(&mut phone, 1);
    deliver(&mut server, &mut phone);
    let mut rows = phone.tabs[0].replica().rows();
    let row = rows.iter_mut().find(|it| &*it.0 == "booking").expect("one");
    row.2 += 1_000;
    row.4 = Some(serde_json::value::RawValue::from_string("[]".to_owned()).expect("JSON"));
    let mut replica = phone.tabs[0].replica().clone();
    replica.apply(&AudienceChanges::default(), &[row.clone()]);
    assert!(replica.view().bookings.is_empty());
}

#[test]
fn convergence() {
    let (mut server, mut a, mut r) = town();
    let mut second = a.cloned(5);
    for n in 0..6 {
        ask(&mut a, n);
        ask(&mut r, 10 + n);
        say(&mut second, &wish::profile(&format!("{n}")));
        deliver(&mut server, &mut r);
        if n % 2 == 0 {
            deliver(&mut server, &mut a);
            say(&mut a, &wish::cancel(booking(n)));
        }
    }
    for page in [1, 2, 1_000] {
        server.page = page;
        for phone in [&mut a, &mut second, &mut r] {
            deliver(&mut server, phone);
        }
        for phone in [&mut a, &mut second, &mut r] {
            phone.learn(0, News::Kick, server.now);
            phone.settle(&mut server);
            assert_converged(&server, phone);
        }
    }
}

#[test]
fn no_leak_after_leaving_an_audience() {
    for is_restored in [false, true] {
        for is_half_loaded in [false, true] {
            let (mut server, mut phone, _) = town();
            if is_half_loaded {
                server.page = 4;
                phone.evict();
                phone.exchange(&mut server, 0).expect("the first page");
            }
            assert!(!phone.tabs[0].replica().view().hosts.is_empty());
            if is_restored {
                let backup = server.clone();
                server.restore(&backup, HistoryId::random(2));
            }
            server.assign(aoi(), Role::DeskOfficer);
            phone.learn(0, News::Kick, server.now);
            phone.settle(&mut server);
            let view = phone.tabs[0].replica().view();
            assert!(view.slots.is_empty() && view.hosts.is_empty());
            assert!(phone.store.rows().iter().all(|it| &*it.3 != "holders"));
            assert_converged(&server, &phone);
        }
    }
}

#[test]
fn nothing_is_left_of_what_the_server_does_not_know_of() {
    let (mut server, mut phone, _) = town();
    let mut rows = server.projection(mio());
    rows.retain(|it| it.3.starts_with("p:"));
    let writes = crate::sync::machine::Writes {
        rows,
        ..Default::default()
    };
    assert!(phone.store.commit(writes));
    phone.crash(0);
    assert!(!phone.tabs[0].replica().view().host_slots.is_empty());
    server.now = server.now + 2 * DAY;
    phone.settle(&mut server);
    server.now = server.now + 2 * DAY;
    phone.settle(&mut server);
    assert_converged(&server, &phone);
}

#[test]
fn a_member_without_a_place_holds_no_rows() {
    let (mut server, mut phone, _) = town();
    let id = ask(&mut phone, 1);
    server.disable(aoi(), true);
    phone.exchange(&mut server, 0).expect("an answer");
    assert_eq!(phone.tabs[0].hold(), Some(Hold::Disabled));
    assert_eq!(phone.tabs[0].replica().rows(), []);
    assert_eq!(phone.store.rows(), []);
    server.disable(aoi(), false);
    phone.learn(0, News::SignedIn, server.now);
    assert!(phone.tabs[0].is_loading());
    deliver(&mut server, &mut phone);
    assert_eq!(effects(&server, id), 1);
    assert_converged(&server, &phone);
}

#[test]
fn compare_and_set_cursor() {
    let (mut server, mut phone, mut other) = town();
    phone.crash(1);
    let id = ask(&mut phone, 1);
    let (slow, request) = phone.next(0, MORNING).expect("a request");
    let late = server.sync(aoi(), &request);
    ask(&mut other, 2);
    deliver(&mut server, &mut other);
    // The other tab hears more, and sooner.
    phone.learn(1, News::Kick, MORNING);
    while phone.exchange(&mut server, 1).is_ok() {}
    let newer = phone.store.rows();
    phone.answer(0, slow, late, MORNING);
    assert_eq!(phone.store.rows(), newer, "the older rows are left out");
    let stored = phone.store.stored();
    assert_eq!(stored.outbox, [], "what was answered counts");
    assert_eq!(stored.journal.last().expect("one").id, id);
    deliver(&mut server, &mut phone);
    assert_converged(&server, &phone);
}

/// One evening of Aoi's, told the same way with a page that dies around its `fatal`-th write.
fn evening(fatal: usize, fuse: Fuse) -> (Server, Phone) {
    let (mut server, mut phone, _) = town();
    server.page = 2;
    let mut writes = 0;
    let mut deeds = vec![
        wish::ask(&phone.tabs[0], booking(1), 0),
        wish::profile("shoes"),
        wish::profile("trains"),
        wish::cancel(booking(1)),
        wish::profile(UNREADABLE),
    ];
    deeds.reverse();
    while let Some(deed) = deeds.last() {
        if writes == fatal {
            phone.fuse = Some(fuse);
        }
        writes += 1;
        // A person whose page died before it said "saved" sees that, and says it again.
        if phone.act(0, deed, server.now).expect("room").is_some() {
            deeds.pop();
        }
        for _ in 0..3 {
            if writes == fatal {
                phone.fuse = Some(fuse);
            }
            writes += 1;
            let _ = phone.exchange(&mut server, 0);
        }
    }
    phone.fuse = None;
    deliver(&mut server, &mut phone);
    (server, phone)
}

#[test]
fn crash_atomicity() {
    let (unharmed, _) = evening(usize::MAX, Fuse::AfterWrite);
    for fuse in [Fuse::BeforeWrite, Fuse::AfterWrite] {
        for fatal in 0..25 {
            let (server, phone) = evening(fatal, fuse);
            assert_converged(&server, &phone);
            let count = (server.effects.len(), unharmed.effects.len());
            assert_eq!(count.0, count.1, "{fuse:?} at write {fatal}");
            assert_eq!(phone.tabs[0].dead().len(), 1);
        }
    }
}

#[test]
fn floor_resets_one_audience() {
    let (mut server, mut phone, mut other) = town();
    // Ren takes a slot, which leaves a tombstone among the offer-holders' rows; Aoi is away.
    ask(&mut other, 2);
    deliver(&mut server, &mut other);
    server.forget_tombstones();
    phone.learn(0, News::Kick, server.now);
    let Ok(Answer::Changes(answer)) = phone.exchange(&mut server, 0) else {
        panic!("there is news");
    };
    assert_eq!(answer.audiences.enter, ["holders".into()]);
    assert!(answer.rows.iter().all(|it| &*it.3 == "holders"));
    assert_converged(&server, &phone);
}

#[test]
fn restored_server_gets_the_journal_once() {
    for is_known_only_by_426 in [false, true] {
        let (mut server, mut phone, _) = town();
        if is_known_only_by_426 {
            phone.evict();
        }
        let backup = server.clone();
        let ids: Vec<_> = (0..70)
            .map(|n| say(&mut phone, &wish::profile(&format!("{n}"))))
            .collect();
        if is_known_only_by_426 {
            // A build that may deliver but not read: it has never heard which life of the database this is.
            for _ in 0..2 {
                let (ticket, mut request) = phone.next(0, MORNING).expect("a request");
                request.protocol = 0;
                let answer = server.sync(aoi(), &request);
                phone.answer(0, ticket, answer, MORNING);
            }
            phone.crash(0);
        } else {
            deliver(&mut server, &mut phone);
        }
        assert_eq!(
            phone.store.stored().outbox.len(),
            if is_known_only_by_426 { 70 } else { 0 }
        );
        server.restore(&backup, HistoryId::random(2));
        let unsent = say(&mut phone, &wish::profile("after"));
        phone.learn(0, News::Kick, MORNING);
        phone.settle(&mut server);
        deliver(&mut server, &mut phone);
        let done: Vec<_> = server.effects.iter().filter(|it| it.0 == aoi()).collect();
        let order = ids.iter().chain([&unsent]);
        assert!(done.iter().map(|it| &it.1).eq(order), "in their order");
        assert_eq!(done.len(), 71, "each once");
        assert_eq!(effects(&server, unsent), 1);
        assert_converged(&server, &phone);
        // Not again with every start.
        phone.crash(0);
        phone.learn(0, News::Kick, MORNING);
        assert_eq!(phone.tabs[0].outbox().len(), 0);
        assert_eq!(phone.store.stored().journal.len(), 71);
    }
}

#[test]
fn fork_never_reuses_a_number_silently() {
    let (mut server, mut phone, _) = town();
    say(&mut phone, &wish::profile("before"));
    deliver(&mut server, &mut phone);
    let mut twin = phone.cloned(50);
    let (one, two) = (
        say(&mut phone, &wish::profile("one")),
        say(&mut twin, &wish::profile("two")),
    );
    let device = phone.tabs[0].numbers().device;
    let number = |it: &Phone| it.tabs[0].outbox().first();
    assert_eq!(number(&phone), number(&twin), "the same number twice");
    deliver(&mut server, &mut phone);
    deliver(&mut server, &mut twin);
    assert_eq!((effects(&server, one), effects(&server, two)), (1, 1));
    assert_eq!(server.numbered(device)[1..], [one]);
    assert_eq!(phone.tabs[0].numbers().device, device);
    assert_ne!(twin.tabs[0].numbers().device, device);
    assert_converged(&server, &twin);
}

/// Every kind of answer, sensible or not.
fn answers() -> Vec<Answer> {
    let outcome = Answered {
        n: u64::MAX,
        id: MutationId::random(5),
        refusal: None,
    };
    let changes = |more, enter: &str, check| {
        Answer::Changes(Box::new(SyncAnswer {
            history: HistoryId::random(8),
            now: Time::from_millis(i64::MIN),
            cursor: String::new(),
            more,
            next_ms: i64::MIN,
            last: u64::MAX,
            outcomes: vec![outcome.clone(), outcome.clone()],
            audiences: AudienceChanges {
                enter: vec![enter.into()],
                leave: vec![enter.into()],
            },
            rows: vec![RowChange("".into(), "".into(), -1, "".into(), None)],
            check,
        }))
    };
    let mut all = vec![
        changes(false, "", None),
        changes(true, "all", None),
        changes(false, "all", Some([("all".into(), (9, 9))].into())),
        Answer::SignedOut,
        Answer::TooLarge,
        Answer::Unclear,
    ];
    let problems = [
        Problem::NotYours,
        Problem::Disabled,
        Problem::Forked,
        Problem::History,
        Problem::Outdated {
            outcomes: Vec::new(),
        },
        Problem::Outdated {
            outcomes: vec![outcome.clone()],
        },
        Problem::Unknown,
    ];
    all.extend(problems.map(Answer::Problem));
    for n in [0, 1, 2, u64::MAX] {
        all.push(Answer::Problem(Problem::Gap { last: n }));
        all.push(Answer::Problem(Problem::Malformed { n }));
    }
    for wait_ms in [i64::MIN, 0, 1_000, i64::MAX] {
        all.push(Answer::Later { wait_ms });
        all.push(Answer::Nothing { next_ms: wait_ms });
    }
    all
}

#[test]
fn total_over_answers() {
    for waiting in [0, 1, 3] {
        for answer in answers() {
            let (_, mut phone, _) = town();
            for n in 0..waiting {
                say(&mut phone, &wish::profile(&format!("{n}")));
            }
            let mut now = MORNING;
            let mut sent = 0;
            phone.learn(0, News::Kick, now);
            // Ten minutes of a server that says nothing else.
            while now.since(MORNING) < 10 * MINUTE {
                match phone.next(0, now) {
                    Ok((ticket, _)) => {
                        sent += 1;
                        phone.answer(0, ticket, answer.clone(), now);
                    }
                    Err(Step::Wait(until)) => {
                        assert!(until > now);
                        now = until;
                    }
                    Err(Step::Stop(_)) => break,
                    Err(Step::Send(_)) => unreachable!("is a ticket"),
                }
                assert!(sent < 700, "{answer:?} is answered without a pause");
            }
            let (tab, stored) = (&phone.tabs[0], phone.store.stored());
            let kept = tab.outbox().len() + tab.dead().len();
            assert!(kept >= waiting, "{answer:?} loses wishes");
            assert!(
                tab.dead().len() <= waiting,
                "{answer:?} kills nothing twice"
            );
            assert_eq!(stored.outbox.len(), tab.outbox().len());
        }
    }
}

#[test]
fn liveness_within_the_backoff_cap() {
    let (mut server, mut phone, _) = town();
    let mut now = MORNING;
    say(&mut phone, &wish::profile("trains"));
    for _ in 0..40 {
        hear(&mut phone, Answer::Unclear, now);
        let Err(Step::Wait(until)) = phone.next(0, now) else {
            now = now + 1;
            continue;
        };
        assert!(until.since(now) <= LONGEST_PAUSE);
        now = until;
    }
    // The person comes back: soon, but not sooner than five seconds after the last attempt.
    let last = now;
    hear(&mut phone, Answer::Unclear, now);
    phone.learn(0, News::Kick, now);
    match phone.next(0, now) {
        Err(Step::Wait(until)) => assert!(until.since(last) <= 5_000),
        other => panic!("too soon: {other:?}"),
    }
    // The server's own word is a floor.
    now = now + LONGEST_PAUSE;
    hear(&mut phone, Answer::Later { wait_ms: MINUTE }, now);
    phone.learn(0, News::Kick, now + 10_000);
    let shoes = phone.act(0, &wish::profile("shoes"), now + 10_000);
    assert!(shoes.is_ok());
    match phone.next(0, now + 10_000) {
        Err(Step::Wait(until)) => assert!(until.since(now) >= MINUTE),
        other => panic!("before the server wants it: {other:?}"),
    }
    // One that never answers does not stop it.
    let (ticket, _) = phone.next(0, now + HOUR).expect("a request");
    let waits = phone.next(0, now + HOUR).expect_err("one at a time");
    assert_eq!(waits, Step::Wait(now + HOUR + ANSWER_WITHIN));
    server.now = now + HOUR + ANSWER_WITHIN;
    phone.answer(0, ticket, Answer::Unclear, server.now);
    deliver(&mut server, &mut phone);
    assert_converged(&server, &phone);
}

#[test]
fn a_poke_during_a_pull_is_not_forgotten() {
    let (mut server, mut phone, mut other) = town();
    server.now = server.now + NEXT_MS;
    let (ticket, request) = phone.next(0, server.now).expect("a pull");
    let answer = server.sync(aoi(), &request);
    ask(&mut other, 2);
    deliver(&mut server, &mut other);
    phone.learn(0, News::Kick, server.now);
    phone.answer(0, ticket, answer, server.now);
    phone.settle(&mut server);
    assert_converged(&server, &phone);
}

#[test]
fn bounds_hold() {
    let (mut server, mut phone, _) = town();
    for n in 0..MOST_ENTRIES {
        say(&mut phone, &wish::profile(&format!("{n}")));
    }
    let before = phone.store.stored().numbers;
    let one_more = phone.act(0, &wish::profile("one more"), MORNING);
    assert_eq!(one_more, Err(Full));
    assert_eq!(phone.store.stored().numbers, before, "no trace of it");
    deliver(&mut server, &mut phone);
    for n in 0..10 {
        say(&mut phone, &wish::profile(&format!("{n}")));
    }
    deliver(&mut server, &mut phone);
    let journal = phone.store.stored().journal;
    assert_eq!(journal.len(), JOURNAL_ENTRIES);
    let newest = journal.last().expect("some").at;
    let (mut large, mut held) = (0, 0);
    while phone
        .act(0, &wish::profile(&"x".repeat(90_000)), newest)
        .is_ok()
    {
        large += 1;
        held += 90_000;
    }
    assert!(large == 11 && held <= 1_000_000);
    // What is older than thirty days goes, day by day.
    let (mut server, mut phone, _) = town();
    for day in 0..60 {
        server.now = MORNING + day * DAY;
        phone
            .act(0, &wish::profile("again"), server.now)
            .expect("room");
        deliver(&mut server, &mut phone);
    }
    assert_eq!(phone.store.stored().journal.len(), 31);
}

/// A week with a clock that is wrong by `skews`, one after the other: what the server holds in the end, and how long
/// the phone let it wait.
fn week(skews: [i64; 3]) -> (Vec<RowChange>, i64, usize) {
    let (mut server, mut phone, _) = town();
    let backup = server.clone();
    for (n, skew) in (0_u8..).zip(skews) {
        phone.skew = skew;
        let wish = wish::ask(&phone.tabs[0], booking(n.into()), usize::from(n));
        phone.act(0, &wish, server.now).expect("room");
        hear(
            &mut phone,
            Answer::Later { wait_ms: 30_000 },
            phone_clock(&server),
        );
        phone.skew = skew / 2;
        deliver(&mut server, &mut phone);
        // Nothing waits, and still the phone looks for news in time.
        let Err(Step::Wait(until)) = phone.next(0, server.now) else {
            panic!("it has just asked");
        };
        assert!(until.since(phone.clock(server.now)) <= NEXT_MS);
        server.now = server.now + HOUR;
    }
    let waited = server.now.since(MORNING);
    let now = server.now;
    server.restore(&backup, HistoryId::random(2));
    server.now = now;
    phone.learn(0, News::Kick, now);
    phone.settle(&mut server);
    deliver(&mut server, &mut phone);
    assert_converged(&server, &phone);
    let mut rows = server.projection(aoi());
    // Ids of wishes and the moments of decisions differ, what was decided does not.
    rows.retain(|it| &*it.0 != "outcome");
    for row in &mut rows {
        row.2 = 0;
        row.4 = row.4.take().filter(|_| &*row.0 != "booking");
    }
    (rows, waited, server.effects.len())
}

fn phone_clock(server: &Server) -> Time {
    server.now
}

#[test]
fn clocks_may_jump() {
    let right = week([0, 0, 0]);
    for skews in [
        [TEN_YEARS; 3],
        [-TEN_YEARS; 3],
        [TEN_YEARS, -TEN_YEARS, 0],
        [-TEN_YEARS, 0, TEN_YEARS],
        [0, TEN_YEARS, -TEN_YEARS],
    ] {
        let wrong = week(skews);
        assert_eq!(wrong.0, right.0, "rows");
        assert_eq!(wrong.2, right.2, "carried out");
        assert!((wrong.1 - right.1).abs() < 10 * LONGEST_PAUSE, "waited");
    }
}

#[test]
fn old_client_with_a_full_outbox_delivers() {
    let (mut server, mut phone, _) = town();
    for n in 0..MOST_ENTRIES {
        say(&mut phone, &wish::profile(&format!("{n}")));
    }
    let mut requests = 0;
    while let Ok((ticket, mut request)) = phone.next(0, MORNING) {
        request.protocol = 0;
        let answer = server.sync(aoi(), &request);
        phone.answer(0, ticket, answer, MORNING);
        requests += 1;
    }
    assert_eq!(requests, 10);
    assert_eq!(phone.next(0, MORNING), Err(Step::Stop(Hold::Outdated)));
    assert_eq!(phone.tabs[0].outbox().len(), 0);
    // The new build.
    phone.crash(0);
    phone.settle(&mut server);
    let own = server.effects.iter().filter(|it| it.0 == aoi());
    assert_eq!(own.count(), MOST_ENTRIES);
    assert_converged(&server, &phone);
}

#[test]
fn another_tab_is_taken_over_without_forgetting_what_is_in_flight() {
    let (mut server, mut phone, _) = town();
    phone.crash(1);
    let one = say(&mut phone, &wish::profile("one"));
    let (ticket, request) = phone.next(0, MORNING).expect("a request");
    let two = phone.act(1, &wish::profile("two"), MORNING).expect("room");
    phone.refresh(0);
    assert_eq!(phone.tabs[0].outbox().len(), 2);
    let answer = server.sync(aoi(), &request);
    phone.answer(0, ticket, answer, MORNING);
    deliver(&mut server, &mut phone);
    assert_eq!(effects(&server, one), 1);
    assert_eq!(effects(&server, two.expect("saved")), 1);
    assert_converged(&server, &phone);
}
