//! What becomes of wishes: none lost, none twice, in their order.

use super::*;

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
        let is_kept = phone.holds(id);
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
    assert!(phone.is_dead(old));
    server.most_bytes = 10_000;
    phone.learn(0, News::Revived(old), MORNING);
    assert!(!phone.is_dead(old));
    deliver(&mut server, &mut phone);
    assert_eq!(server.outcome(aoi(), old), Some(&Some(Refusal::GivenUp)));
    assert_eq!(phone.tabs[0].dead(), []);
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
            phone.store.outbox.len(),
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
        assert_eq!(phone.store.journal.len(), 71);
    }
}

/// One tab has heard that the server was restored and has lined everything up anew; then the other hears what the former
/// life had answered.
#[test]
fn an_answer_of_a_former_life_disturbs_no_line() {
    let (mut server, mut phone, _) = town();
    phone.refresh(1);
    let backup = server.clone();
    let first = say(&mut phone, &wish::profile("first"));
    deliver(&mut server, &mut phone);
    let second = say(&mut phone, &wish::profile("second"));
    phone.refresh(1);
    phone.learn(1, News::Kick, server.now);
    let (ticket, request) = phone.next(1, server.now).expect("a request");
    assert_eq!(request.mutations.len(), 1);
    let late = server.sync(aoi(), &request);
    server.restore(&backup, HistoryId::random(2));
    phone.learn(0, News::Kick, server.now);
    phone.exchange(&mut server, 0).expect("another life");
    phone.answer(1, ticket, late, server.now);
    let third = say(&mut phone, &wish::profile("third"));
    phone.refresh(0);
    deliver(&mut server, &mut phone);
    let done: Vec<_> = server.effects.iter().filter(|it| it.0 == aoi()).collect();
    let order = [first, second, third];
    assert!(done.iter().map(|it| &it.1).eq(&order), "in their order");
    assert_converged(&server, &phone);
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

#[test]
fn bounds_hold() {
    let (mut server, mut phone, _) = town();
    for n in 0..MOST_ENTRIES {
        say(&mut phone, &wish::profile(&format!("{n}")));
    }
    let before = phone.store.numbers;
    let one_more = phone.act(0, &wish::profile("one more"), MORNING);
    assert_eq!(one_more, Err(Full));
    assert_eq!(phone.store.numbers, before, "no trace of it");
    deliver(&mut server, &mut phone);
    for n in 0..10 {
        say(&mut phone, &wish::profile(&format!("{n}")));
    }
    deliver(&mut server, &mut phone);
    let journal = phone.store.journal.clone();
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
    assert_eq!(phone.store.journal.len(), 31);
}
