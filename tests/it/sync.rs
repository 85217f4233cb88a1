//! The invariants of sync, by name, against the real server.

use axum::http::{Method, StatusCode};
use domain::{
    booking::{CloseSlot, HostSlotState, Limits, OpenSlot},
    id::{DeviceId, MutationId, SlotId},
    member::SetProfile,
    sync::{
        machine::{Hold, Link, Machine, News, Step},
        mutation::{Mutation, Noop},
        outbox::{Full, MOST_ENTRIES},
        replica::Standing,
        wire::{Answer, Answered, Envelope, MOST_MUTATIONS, Problem, SyncAnswer, SyncRequest},
    },
    time::{DAY, HOUR, MINUTE},
};
use futures::future::join_all;
use tests::{
    Device, Town, both_engines,
    device::{Trouble, understood},
    store::Store,
    village::{cast, opening},
};

/// What a device sends that has nothing but these wishes, from number `first` on.
fn pushing(town: &Town, device: DeviceId, first: u64, mutations: &[Mutation]) -> SyncRequest {
    let envelope = |(n, it): (u64, &Mutation)| Envelope {
        n,
        id: MutationId::born(town.now(), town.chance()),
        at: town.now(),
        name: it.name().into(),
        body: it.body(),
    };
    SyncRequest {
        protocol: 1,
        build: "1".into(),
        device,
        cursor: None,
        mutations: (first..).zip(mutations).map(envelope).collect(),
        want: Vec::new(),
        reset: Vec::new(),
        check: false,
    }
}

fn nothing() -> Mutation {
    Mutation::Noop(Noop {})
}

fn profile(words: &str) -> Mutation {
    Mutation::SetProfile(SetProfile {
        talks_about: Some(words.to_owned()),
    })
}

fn changes(answer: Answer) -> SyncAnswer {
    match answer {
        Answer::Changes(it) => *it,
        other => panic!("not changes: {other:?}"),
    }
}

both_engines! {
    /// 1: what was saved arrives, whatever happens on the way.
    async fn no_lost_write(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.offline();
        aoi.ask_for(["tue-1000"]).await;
        assert_eq!(aoi.seen().asked.len(), 1, "asked, and shown as asked");
        assert_eq!(aoi.booked(), Vec::<String>::new(), "never shown as confirmed before the server said so");
        aoi.reopen();
        assert_eq!(aoi.unsent(), 1, "closing the app loses nothing");
        aoi.trouble([Trouble::LostRequest, Trouble::LostAnswer, Trouble::LostRequest]);
        aoi.online().await;
        assert_eq!((aoi.unsent(), aoi.booked()), (0, vec!["tue-1000".to_owned()]));
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
        aoi.assert_converged().await;
    }

    /// 2: a wish is carried out once, however often, from wherever and under whatever number it comes.
    async fn at_most_once(town) {
        let mio = town.phone_of("mio");
        mio.trouble([Trouble::Twice, Trouble::LostAnswer, Trouble::Twice]);
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.trouble([Trouble::Twice, Trouble::LostAnswer, Trouble::Twice]);
        aoi.ask_for(["tue-1000"]).await;
        assert_eq!(town.count("select count(*) from bookings").await, 1);

        // The same wish from another device under another number: the recorded answer, no second effect.
        let sent = aoi.talk().iter().find_map(|(it, _)| it.mutations.first().cloned()).unwrap();
        let mut again = pushing(&town, DeviceId::random(town.chance()), 1, &[nothing(), nothing()]);
        again.mutations[1] = Envelope { n: 2, ..sent.clone() };
        let answer = changes(understood(&aoi.post(&again).await));
        assert_eq!(answer.outcomes.last(), Some(&Answered { n: 2, id: sent.id, refusal: None }));
        assert_eq!(town.count("select count(*) from bookings").await, 1);

        // Somebody else who sends a wish under the same id wishes for themselves.
        let ren = town.loaded_phone_of("ren").await;
        let mut borrowed = pushing(&town, DeviceId::random(town.chance()), 1, &[nothing()]);
        borrowed.mutations[0].id = sent.id;
        assert_eq!(changes(understood(&ren.post(&borrowed).await)).outcomes.len(), 1);
    }

    /// 3: the numbers of a device have no gap; behind a gap nothing is carried out.
    async fn contiguous_numbers(town) {
        let mio = town.phone_of("mio");
        let device = DeviceId::random(town.chance());
        changes(understood(&mio.post(&pushing(&town, device, 1, &[nothing()])).await));
        let reply = mio.post(&pushing(&town, device, 3, &[profile("gap")])).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert_eq!(understood(&reply), Answer::Problem(Problem::Gap { last: 1 }));
        assert_eq!(town.count("select count(*) from members where talks_about = 'gap'").await, 0);
        let numbers = "select count(*) from (select device_id, n from applied group by device_id, n having count(*) > 1) twice";
        assert_eq!(town.count(numbers).await, 0);
    }

    /// 4: an answered wish has had its effect, and one that could not be carried out was not answered.
    async fn acknowledgement_and_effect_are_one(town) {
        town.open("mio", ["tue-1000", "wed-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let before = town.count("select count(*) from applied").await;
        town.services().db.close().await;
        aoi.trouble([]);
        let request = pushing(&town, DeviceId::random(town.chance()), 1, &[nothing()]);
        let reply = aoi.post(&request).await;
        assert!(reply.status.is_server_error(), "without a database nobody says yes: {}", reply.status);
        town.restart().await;
        assert_eq!(town.count("select count(*) from applied").await, before, "and nothing moved");

        let booking = aoi.ask_for(["tue-1000"]).await;
        assert_eq!(town.count("select count(*) from applied").await, before + 1);
        // Wish and effect change the screen together: the answer that takes the asking away brings the booking.
        assert!(aoi.seen().asked.is_empty() && aoi.seen().view.bookings.contains_key(&booking));
        // A refusal leaves nothing but its record.
        let ren = town.loaded_phone_of("ren").await;
        let seq = town.count("select count(*) from bookings").await;
        ren.ask_for(["tue-1000"]).await;
        assert_eq!(ren.refusals(), ["slot_taken"]);
        assert_eq!(town.count("select count(*) from bookings").await, seq);
        assert_eq!(town.count("select count(*) from busy where member_id not in (select member_id from bookings) and member_id in (select id from members where role = 'offer_holder')").await, 0);
    }

    /// 5: what one device wished first happens first.
    async fn per_device_order(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.offline();
        let booking = aoi.ask_for(["tue-1000"]).await;
        aoi.cancel(booking).await;
        aoi.ask_for(["tue-1015"]).await;
        let mio = town.loaded_phone_of("mio").await;
        mio.offline();
        for words in ["one", "two", "three"] {
            mio.wish(profile(words)).await;
        }
        aoi.online().await;
        mio.online().await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1015");
        assert_eq!(town.show("cancellations").await, "aoi: tue-1000");
        assert_eq!(town.count("select count(*) from members where talks_about = 'three'").await, 1);
    }

    /// 6: two hundred ask for one slot while its host and HR work on; one has it.
    async fn one_winner(town) {
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030", "tue-1045", "wed-1000", "wed-1015"]).await;
        let crowd = town.crowd(200).await;
        let (mio, sato) = (town.loaded_phone_of("mio").await, town.loaded_phone_of("sato").await);
        let claims = join_all(crowd.iter().map(|it| it.ask_for(["tue-1000"])));
        let staff = async {
            mio.close("wed-1000", "").await;
            sato.wish(Mutation::SetLimits(Limits { host_per_day: 4, ..Limits::default() })).await;
            mio.wish(profile("なんでも")).await;
            sato.wish(Mutation::CloseSlot(CloseSlot { slot: town.slot("wed-1015").id, word: String::new() })).await;
            mio.close("tue-1045", "").await;
        };
        futures::join!(claims, staff);
        assert_eq!(town.count("select count(*) from bookings where cancelled_at is null").await, 1);
        let winners: Vec<_> = crowd.iter().filter(|it| !it.booked().is_empty()).collect();
        assert_eq!(winners.len(), 1, "one phone shows a booking");
        let losers: Vec<_> = crowd.iter().filter(|it| it.booked().is_empty()).collect();
        for loser in &losers {
            assert_eq!((loser.unsent(), loser.refusals()), (0, vec!["slot_taken".to_owned()]), "{}", loser.owner());
            let offered = loser.offered();
            assert!((1..=3).contains(&offered.len()) && !offered.contains(&"tue-1000".to_owned()), "{offered:?}");
        }
        assert_eq!(town.count("select count(*) from (select slot_id from bookings where cancelled_at is null group by slot_id having count(*) > 1) twice").await, 0);
        join_all(crowd.iter().take(20).map(Device::sync)).await;
        for phone in crowd.iter().take(20) {
            phone.assert_converged().await;
        }
        town.assert_projection_is_rebuild().await;
    }

    /// 7: the screen says 確定 only when the server did, and every loser reads what became of it.
    async fn truthful(town) {
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030", "tue-1045", "wed-1000"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        aoi.offline();
        let booking = aoi.ask_for(["tue-1000"]).await;
        assert_eq!(aoi.seen().asked[0].standing, Standing::Saved);
        assert!(!aoi.seen().view.bookings.contains_key(&booking) || aoi.seen().standing("booking", booking) == Standing::Saved);
        ren.ask_for(["tue-1000"]).await;
        assert_eq!(ren.booked(), ["tue-1000"]);
        aoi.trouble([Trouble::LostAnswer]);
        aoi.online().await;
        assert_eq!(aoi.refusals(), ["slot_taken"], "a lost answer loses nothing: the outcome is a row");
        assert_eq!(aoi.offered(), ["tue-1015", "tue-1030", "tue-1045"]);
        assert!(aoi.seen().asked.is_empty() && aoi.booked().is_empty());
        let tablet = town.second_phone_of("aoi").await;
        tablet.sync().await;
        assert_eq!(tablet.refusals(), ["slot_taken"], "every device shows it");
        aoi.read_outcomes().await;
        tablet.sync().await;
        assert_eq!((aoi.refusals(), tablet.refusals()), (vec![], vec![]), "until it was read");
    }

    /// 8: a quiet device holds, byte for byte, what its person may see.
    async fn convergence(town) {
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030"]).await;
        town.open("sato", ["tue-1000@sato", "wed-0900@sato"]).await;
        let phones = [
            town.loaded_phone_of("aoi").await,
            town.loaded_phone_of("ren").await,
            town.loaded_phone_of("mio").await,
            town.loaded_phone_of("sato").await,
            town.loaded_phone_of("doi").await,
            town.loaded_phone_of("kawai").await,
        ];
        let [aoi, ren, mio, ..] = &phones;
        let first = aoi.ask_for(["tue-1000"]).await;
        ren.ask_for(["tue-1000", "tue-1015"]).await;
        aoi.move_to(first, ["wed-0900@sato"]).await;
        mio.close("tue-1015", "急な出張が入りました").await;
        mio.wish(profile("開発の一日")).await;
        ren.ask_for(["tue-1030"]).await;
        aoi.cancel(first).await;
        for phone in &phones {
            phone.sync().await;
            phone.assert_converged().await;
        }
        town.assert_projection_is_rebuild().await;
        // And a phone that loads everything anew holds the same as one that followed along.
        let fresh = town.second_phone_of("aoi").await;
        fresh.sync().await;
        assert_eq!(serde_json::to_string(&fresh.rows()).unwrap(), serde_json::to_string(&aoi.rows()).unwrap());
    }

    /// 9: of an audience that somebody left nothing remains, in memory or stored.
    async fn no_leak(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let sato = town.loaded_phone_of("sato").await;
        sato.want("people").await;
        assert!(sato.rows().iter().any(|it| &*it.3 == "hr") && sato.rows().iter().any(|it| &*it.3 == "people"));
        let csv = "氏名,メール,役割\n佐藤 健,sato@example.jp,メンター\n";
        let reply = town.browser_of("kawai").upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await;
        assert!(reply.status.is_success(), "{}", reply.page());
        // What a server process remembers of a session may be a minute old.
        town.pass(2 * MINUTE);
        sato.sync().await;
        let left: Vec<_> = sato.rows().iter().filter(|it| &*it.3 == "hr" || &*it.3 == "people").cloned().collect();
        assert_eq!(left, []);
        sato.assert_converged_as(domain::member::Role::Mentor).await;
        assert!(sato.machine().replica().view().people.is_empty());
        assert!(sato.machine().replica().view().host_slots.values().all(|it| it.host == cast("sato").id()));
    }

    /// 9, after a long absence: who comes back from behind the floor drops what was left meanwhile.
    async fn no_leak_behind_the_floor(town) {
        town.open("mio", ["tue-1000"]).await;
        let sato = town.loaded_phone_of("sato").await;
        let csv = "氏名,メール,役割\n佐藤 健,sato@example.jp,メンター\n";
        town.browser_of("kawai").upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await;
        town.loaded_phone_of("mio").await.close("tue-1000", "").await;
        raise_floor(&town).await;
        sato.sync().await;
        assert_eq!(sato.rows().iter().filter(|it| &*it.3 == "hr").count(), 0);
        sato.assert_converged_as(domain::member::Role::Mentor).await;
    }

    /// 10: a puller among many writers misses no row.
    async fn no_hole(town) {
        let crowd = town.crowd(12).await;
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030", "tue-1045", "tue-1100", "tue-1115", "tue-1130"]).await;
        town.open("sato", ["wed-1000", "wed-1015", "wed-1030", "wed-1045", "wed-1100", "wed-1115", "wed-1130"]).await;
        let names = ["tue-1000", "tue-1015", "tue-1030", "tue-1045", "wed-1000", "wed-1015", "wed-1030", "wed-1045"];
        let watcher = town.loaded_phone_of("aoi").await;
        let writers = join_all(crowd.iter().enumerate().map(|(at, phone)| async move {
            for round in 0..4 {
                let name = names[(at * 3 + round * 5) % names.len()];
                let booking = phone.ask_for([name]).await;
                phone.cancel(booking).await;
            }
        }));
        let mut seen = Vec::new();
        let watching = async {
            for _ in 0..60 {
                watcher.sync().await;
                seen.push(watcher.free().len());
            }
        };
        futures::join!(writers, watching);
        watcher.sync().await;
        watcher.assert_converged().await;
        assert!(watcher.free().len() >= 14, "everything was given back: {:?}", watcher.free());
    }

    /// 11: what was answered is there in the same answer, on the same phone, and never goes back.
    async fn read_your_writes(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let booking = aoi.ask_for(["tue-1000"]).await;
        let last = aoi.talk().last().cloned().unwrap();
        assert_eq!(last.0.mutations.len(), 1, "the answer to the wish brought its effect; nothing else was asked");
        assert!(aoi.machine().replica().view().bookings[&booking].is_live());
        let tablet = town.second_phone_of("aoi").await;
        tablet.sync().await;
        assert_eq!(tablet.booked(), ["tue-1000"], "monotonic on every device that asks afterwards");
    }

    /// 12: of two answers to one place the second brings no rows.
    async fn compare_and_set_cursor(town) {
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let link = Link { is_online: true, is_visible: true };
        let mut store = Store::new(DeviceId::random(town.chance()));
        let mut tabs = [0, 1].map(|_| Machine::load(store.stored(), "1", &mut || town.chance()).0);
        let mut requests = Vec::new();
        for tab in &mut tabs {
            let Step::Send(request) = tab.next(town.now(), link) else { panic!("a new tab loads") };
            requests.push(request);
        }
        let first = understood(&aoi.post(&requests[0]).await);
        town.open("mio", ["tue-1015"]).await;
        let second = understood(&aoi.post(&requests[1]).await);
        // The newer answer is applied first: the older one must not undo it.
        let writes = tabs[1].learn(News::Answered(second), town.now(), &mut || town.chance());
        assert!(store.commit(writes));
        let writes = tabs[0].learn(News::Answered(first), town.now(), &mut || town.chance());
        assert!(!store.commit(writes), "the stored place has moved on: rows are left out");
        let rows = store.rows();
        assert_eq!(rows.iter().filter(|it| &*it.0 == "slot").count(), 2);
    }

    /// 14: whoever comes from behind the floor gets anew what lost tombstones, and not everything.
    async fn floor_resets_one_audience(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let mio = town.loaded_phone_of("mio").await;
        mio.close("tue-1000", "").await;
        raise_floor(&town).await;
        assert_eq!(town.count("select count(*) from feed where body is null and audience = 'holders' and kind = 'slot' and id not in (select id from slots where closed_at is null)").await, 0);
        let answer = changes(understood(&aoi.post(&aoi.pull_request()).await));
        assert_eq!(answer.audiences.enter, ["holders".into()], "only the audience that lost a tombstone");
        aoi.sync().await;
        aoi.assert_converged().await;
        assert!(!aoi.free().contains(&"tue-1000".to_owned()), "the closed slot is gone although its tombstone is");
        let place = aoi.pull_request();
        // Who was not away is not asked to load anything again.
        let reply = aoi.post(&place).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
    }

    /// 15: a server that was restored from a backup gets back what it lost, once.
    async fn restored_server(town) {
        town.open("mio", ["tue-1000", "tue-1015", "wed-1000"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        let kept = aoi.ask_for(["tue-1000"]).await;
        let backup = town.backup().await;
        ren.ask_for(["wed-1000"]).await;
        aoi.move_to(kept, ["tue-1015"]).await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1015\nren: wed-1000");
        town.restore(&backup).await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1000", "the disaster");
        for phone in [&aoi, &ren] {
            phone.sync().await;
        }
        assert_eq!(town.show("bookings").await, "aoi: tue-1015\nren: wed-1000", "what was acknowledged is so again");
        assert_eq!(town.count("select count(*) from bookings").await, 2);
        for phone in [&aoi, &ren] {
            phone.sync().await;
            phone.assert_converged().await;
            assert_eq!(phone.unsent(), 0);
        }
        let before = town.count("select count(*) from applied").await;
        aoi.reopen();
        aoi.sync().await;
        assert_eq!(town.count("select count(*) from applied").await, before, "delivered once");
        town.assert_projection_is_rebuild().await;
    }

    /// 16: a copied profile never uses a number silently: one of the two takes a new id, and both arrive.
    async fn fork(town) {
        town.open("mio", ["tue-1000", "wed-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.offline();
        let twin = aoi.cloned();
        aoi.ask_for(["tue-1000"]).await;
        twin.ask_for(["wed-1000"]).await;
        aoi.online().await;
        twin.online().await;
        assert!(twin.talk().iter().any(|(_, answer)| answer.is_some_and(|it| it.0 == StatusCode::CONFLICT)), "the server noticed");
        assert_eq!(town.show("bookings").await, "aoi: tue-1000\naoi: wed-1000");
        assert_ne!(aoi.machine().numbers().device, twin.machine().numbers().device);
        // A whole outbox copied: the same wishes twice are the same wishes.
        let mio = town.loaded_phone_of("mio").await;
        mio.offline();
        mio.wish(profile("ひとつ")).await;
        let other = mio.cloned();
        mio.online().await;
        other.online().await;
        assert_eq!(town.count("select count(*) from applied where member_id in (select id from members where name = '森 美緒') and refusal is null and n > 0").await, 3);
        assert_eq!((mio.unsent(), other.unsent()), (0, 0));
    }

    /// 17: nothing new costs 204, a small head, and no database.
    async fn no_change_pull(town) {
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let request = aoi.pull_request();
        let rows = town.count("select count(*) from feed").await;
        assert_eq!(aoi.post(&request).await.status, StatusCode::NO_CONTENT);
        // Without any connection the answer is the same.
        town.services().db.close().await;
        let reply = aoi.post(&request).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::NO_CONTENT, 0));
        assert!(reply.header("x-next-ms").parse::<u64>().is_ok());
        assert_eq!(reply.header("cache-control"), "no-store");
        assert!(
            reply.head_bytes() <= 300,
            "{} bytes over HTTP/1.1: {:?}",
            reply.head_bytes(),
            reply.headers
        );
        town.restart().await;
        assert!(town.count("select count(*) from feed").await <= rows + 1);
    }

    /// 18: every answer leaves the outbox whole and the phone able to go on.
    async fn total_over_answers(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let device = DeviceId::random(town.chance());

        // 400 for what is no request of ours, whatever it is.
        for body in [&b"{}"[..], b"[", b"", b"{\"protocol\":1}", &[0xff, 0xfe]] {
            assert_eq!(aoi.post_bytes(body.to_vec()).await.status, StatusCode::BAD_REQUEST);
        }
        // 403: a device id of somebody else.
        let ren = town.loaded_phone_of("ren").await;
        changes(understood(&ren.post(&pushing(&town, device, 1, &[nothing()])).await));
        let reply = aoi.post(&pushing(&town, device, 2, &[nothing()])).await;
        assert_eq!((reply.status, understood(&reply)), (StatusCode::FORBIDDEN, Answer::Problem(Problem::NotYours)));
        // 422: a wish that nobody can read, by its number; those before it are done.
        let own = DeviceId::random(town.chance());
        let mut odd = pushing(&town, own, 1, &[nothing(), nothing()]);
        odd.mutations[1].name = "booking.dance.v9".into();
        let reply = aoi.post(&odd).await;
        assert_eq!((reply.status, understood(&reply)), (StatusCode::UNPROCESSABLE_ENTITY, Answer::Problem(Problem::Malformed { n: 2 })));
        // 409: a number that was used for another wish.
        let reply = aoi.post(&pushing(&town, own, 1, &[nothing()])).await;
        assert_eq!((reply.status, understood(&reply)), (StatusCode::CONFLICT, Answer::Problem(Problem::Forked)));
        // 409: a cursor of another life; a cursor that is none of ours counts as none.
        let mut lost = aoi.pull_request();
        lost.cursor = lost.cursor.map(|it| it + "x");
        assert!(matches!(understood(&aoi.post(&lost).await), Answer::Changes(_)));
        // 413: too many wishes.
        let many = vec![nothing(); MOST_MUTATIONS + 1];
        assert_eq!(aoi.post(&pushing(&town, DeviceId::random(town.chance()), 1, &many)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let large = vec![b' '; 300 * 1024];
        assert_eq!(aoi.post_bytes(large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        // 401: rows stay readable, the outbox stays, the network stops.
        let stranger = Device::signed_out(&aoi);
        stranger.ask_for(["tue-1000"]).await;
        assert_eq!(stranger.machine().hold(), Some(Hold::SignedOut));
        assert_eq!((stranger.unsent(), stranger.free().len()), (1, 2));
        // And the phone that had all this goes on as if nothing had been.
        aoi.ask_for(["tue-1000"]).await;
        assert_eq!(aoi.booked(), ["tue-1000"]);
    }

    /// 20: the feed is what the facts say, after everything that can happen to a booking.
    async fn projection_equals_rebuild(town) {
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030", "wed-1000"]).await;
        let (aoi, ren, mio) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await, town.loaded_phone_of("mio").await);
        let first = aoi.ask_with(["tue-1000"], "配属", "部署の雰囲気", "家族のこと").await;
        ren.ask_for(["tue-1015"]).await;
        aoi.move_to(first, ["tue-1030"]).await;
        mio.close("tue-1015", "体調を崩しました。").await;
        town.assert_projection_is_rebuild().await;
        aoi.cancel(first).await;
        ren.read_outcomes().await;
        town.assert_projection_is_rebuild().await;
    }

    /// 21: bounds hold, and at the bound nothing is dropped silently.
    async fn bounds_hold(town) {
        let sato = town.loaded_phone_of("sato").await;
        sato.want("people").await;
        let cursor = sato.pull_request().cursor.unwrap();
        assert!(cursor.len() <= 120, "{} characters: {cursor}", cursor.len());
        let mio = town.loaded_phone_of("mio").await;
        mio.offline();
        for at in 0..MOST_ENTRIES {
            mio.wish(profile(&at.to_string())).await;
        }
        assert_eq!(mio.try_wish(profile("one too many")).await, Err(Full));
        assert_eq!(mio.unsent(), MOST_ENTRIES);
        mio.online().await;
        assert_eq!(mio.unsent(), 0);
        assert_eq!(town.count("select count(*) from members where talks_about = '499'").await, 1);
        assert!(mio.talk().iter().all(|(it, _)| it.mutations.len() <= MOST_MUTATIONS));
    }

    /// 22: a phone whose clock is wrong by ten years fares like any other.
    async fn wrong_clocks_change_nothing(town) {
        town.open("mio", ["tue-1000", "tue-1015", "wed-1000"]).await;
        for (who, name, wrong) in [("aoi", "tue-1000", 3_650 * DAY), ("ren", "tue-1015", -3_650 * DAY)] {
            let phone = town.phone_of(who);
            phone.set_clock_wrong(wrong);
            phone.sync().await;
            let booking = phone.ask_for([name]).await;
            assert_eq!(phone.booked(), [name]);
            phone.set_clock_wrong(-wrong);
            phone.cancel(booking).await;
            assert_eq!(phone.booked(), Vec::<String>::new());
            phone.assert_converged().await;
        }
    }

    /// 23: a phone that lay in a drawer delivers, though it can no longer read.
    async fn old_client_delivers(town) {
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.offline();
        aoi.ask_for(["tue-1000"]).await;
        let link = Link { is_online: true, is_visible: true };
        let mut machine = aoi.machine();
        let Step::Send(mut request) = machine.next(aoi.now(), link) else { panic!("it wants to send") };
        request.protocol = 0;
        let reply = aoi.post(&request).await;
        assert_eq!(reply.status, StatusCode::UPGRADE_REQUIRED);
        let answer = understood(&reply);
        assert!(matches!(&answer, Answer::Problem(Problem::Outdated { outcomes }) if outcomes.len() == 1 && outcomes[0].refusal.is_none()));
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
        let writes = machine.learn(News::Answered(answer), aoi.now(), &mut || town.chance());
        assert_eq!((machine.hold(), writes.remove.len(), machine.outbox().len()), (Some(Hold::Outdated), 1, 0));
        // Old names stay understood: every name of this build has its version.
        assert!(Mutation::NAMES.iter().all(|it| it.rsplit_once(".v").is_some_and(|it| it.1.parse::<u32>().is_ok())));
    }

    /// A page of a first load may end anywhere; nothing is lost between the pages.
    async fn a_long_first_load_is_whole(town) {
        let mio = town.loaded_phone_of("mio").await;
        for week in 0..5 {
            let names: Vec<String> = (0..40).map(|it| format!("tue+{week}-{:02}{:02}", 8 + it / 4, it % 4 * 15)).collect();
            for name in &names {
                let starts = tests::village::starts(name);
                let slot = SlotId::born(starts, town.chance());
                mio.offline();
                mio.wish(Mutation::OpenSlot(OpenSlot { slot, starts, place: "会議室 A".into(), link: String::new(), note: String::new() })).await;
            }
            mio.online().await;
        }
        assert_eq!(mio.refusals(), Vec::<String>::new());
        let sato = town.loaded_phone_of("sato").await;
        sato.assert_converged().await;
        assert_eq!(sato.machine().replica().view().host_slots.len(), 200);
        assert!(sato.machine().replica().view().host_slots.values().all(|it| it.state == HostSlotState::Open));
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.assert_converged().await;
        assert_eq!(aoi.free().len(), 200);
    }

    /// Once a day a phone compares what it holds; a row that went wrong is loaded anew.
    async fn a_daily_check_finds_what_went_wrong(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let mut request = aoi.pull_request();
        request.check = true;
        let answer = changes(understood(&aoi.post(&request).await));
        for (audience, sum) in answer.check.unwrap() {
            assert_eq!(aoi.machine().replica().sum(&audience), sum, "{audience}");
        }
        request.check = false;
        request.reset = vec!["holders".into()];
        let answer = changes(understood(&aoi.post(&request).await));
        assert_eq!(answer.audiences.enter, ["holders".into()]);
        assert_eq!(answer.rows.iter().filter(|it| &*it.0 == "slot").count(), 2);
        town.pass(25 * HOUR);
        town.run_jobs().await;
        aoi.sync().await;
        aoi.assert_converged().await;
    }

    /// Only what comes from our pages is heard: our header, JSON, the same site.
    async fn sync_is_heard_only_from_our_pages(town) {
        let browser = town.browser_of("aoi");
        let body = serde_json::to_vec(&pushing(&town, DeviceId::random(town.chance()), 1, &[])).unwrap();
        let ours = [("content-type", "application/json"), ("x-kakehashi", "1"), ("sec-fetch-site", "same-origin")];
        let cases: &[(&[(&str, &str)], u16)] = &[
            (&ours, 200),
            (&ours[..1], 400),
            (&[("content-type", "text/plain"), ("x-kakehashi", "1")], 400),
            (&[("content-type", "application/json"), ("x-kakehashi", "1"), ("sec-fetch-site", "cross-site")], 403),
            (&[("content-type", "application/json"), ("x-kakehashi", "1"), ("origin", "https://evil.example")], 403),
        ];
        for (headers, status) in cases {
            let reply = browser.send(Method::POST, "/api/v1/sync", Some(body.clone()), headers).await;
            assert_eq!(reply.status.as_u16(), *status, "{headers:?}");
        }
        let reply = town.visitor().send(Method::POST, "/api/v1/sync", Some(body), &ours).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::UNAUTHORIZED, "no-store"));
    }
}

/// Forty-six days pass, and housekeeping takes away the tombstones.
async fn raise_floor(town: &Town) {
    town.move_to(opening() + 46 * DAY);
    town.run_jobs().await;
    town.pass(DAY);
    town.run_jobs().await;
    assert!(
        town.count("select count(*) from company where key like 'floor:%'")
            .await
            > 0,
        "a floor rose"
    );
    town.pass(DAY);
    town.run_jobs().await;
}
