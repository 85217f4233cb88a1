//! What devices hold: all that their people may see, nothing else, nothing too old.

use super::*;

both_engines! {
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
        let mut store = Stored::new(DeviceId::random(town.chance()));
        let mut tabs = [0, 1].map(|_| Machine::load(store.clone(), "1", &mut || town.chance()).0);
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
        assert!(store.keep(writes));
        let writes = tabs[0].learn(News::Answered(first), town.now(), &mut || town.chance());
        assert!(!store.keep(writes), "the stored place has moved on: rows are left out");
        assert_eq!(store.rows.iter().filter(|it| &*it.0 == "slot").count(), 2);
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
