//! Whatever the network, the clock and the server do, it goes on.

use super::*;

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
            let (tab, stored) = (&phone.tabs[0], phone.store.clone());
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

/// A week with a clock that is wrong by `skews`, one after the other: what the server holds in the end, and how long
/// the phone let it wait.
fn week(skews: [i64; 3]) -> (Vec<RowChange>, i64, usize) {
    let (mut server, mut phone, _) = town();
    let backup = server.clone();
    for (n, skew) in (0_u8..).zip(skews) {
        phone.skew = skew;
        let wish = wish::ask(&phone.tabs[0], booking(n.into()), usize::from(n));
        phone.act(0, &wish, server.now).expect("room");
        hear(&mut phone, Answer::Later { wait_ms: 30_000 }, server.now);
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
