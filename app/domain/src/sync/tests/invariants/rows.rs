//! What the device holds and shows: all that its person may see, nothing else, nothing too early.

use super::*;

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
        let stored = phone.store.clone();
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
    replica.apply(&AudienceChanges::default(), std::slice::from_ref(row));
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
            assert!(phone.store.rows.iter().all(|it| &*it.3 != "holders"));
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
    assert!(phone.store.keep(writes));
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
    assert_eq!(phone.store.rows, []);
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
    let newer = phone.store.rows.clone();
    phone.answer(0, slow, late, MORNING);
    assert_eq!(phone.store.rows, newer, "the older rows are left out");
    let stored = phone.store.clone();
    assert_eq!(stored.outbox, [], "what was answered counts");
    assert_eq!(stored.journal.last().expect("one").id, id);
    deliver(&mut server, &mut phone);
    assert_converged(&server, &phone);
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
