//! What people wish: it arrives, once, in order, and what became of it is told.

use super::*;

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
}
