//! Whatever the network, the clock and the server answer, it goes on.

use super::*;

both_engines! {
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

    /// 19: however long the network was away, a wish arrives within the longest pause after it came back.
    async fn liveness_within_the_backoff_cap(town) {
        let mio = town.loaded_phone_of("mio").await;
        for (failures, trouble) in [(1, Trouble::LostRequest), (4, Trouble::LostAnswer), (7, Trouble::LostRequest), (20, Trouble::LostRequest)] {
            let (begun, tried) = (mio.now(), mio.tries().len());
            for _ in 0..failures {
                mio.trouble([trouble]);
            }
            let words = format!("{failures} 回だめでも");
            mio.wish(profile(&words)).await;
            assert_eq!(mio.unsent(), 0);
            let me = mio.machine().replica().view().myself().cloned().unwrap();
            assert_eq!(me.talks_about.as_deref(), Some(&*words), "the server says so");
            let tries = mio.tries().split_off(tried);
            assert_eq!(tries.len(), failures + 1, "the first try that can arrive does");
            assert_eq!(tries[0], begun, "at once, the first time");
            for (nth, pair) in tries.windows(2).enumerate() {
                let longest = ANSWER_WITHIN + LONGEST_PAUSE.min(1_000 << nth);
                assert!(pair[1].since(pair[0]) <= longest, "try {nth} of {failures}: {tries:?}");
            }
        }
        mio.assert_converged().await;
    }

    /// A page says whose it is: what one person wished is never delivered by the session of another, who has signed in
    /// with the same browser since.
    async fn a_page_of_somebody_else_delivers_nothing(town) {
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.offline();
        aoi.ask_for(["tue-1000"]).await;
        let devices = town.count("select count(*) from devices").await;
        let applied = town.count("select count(*) from applied").await;

        let left_open = Device::with_session(&aoi, &town.cookie_of("ren"));
        let reply = left_open.post(&pushing(&town, DeviceId::random(town.chance()), 1, &[nothing()])).await;
        assert_eq!((reply.status, understood(&reply)), (StatusCode::UNAUTHORIZED, Answer::SignedOut));
        assert_eq!((reply.header("cache-control"), reply.text().as_str()), ("no-store", "signed out"), "and no row of Ren's");
        left_open.online().await;
        assert_eq!(left_open.machine().hold(), Some(Hold::SignedOut));
        assert_eq!(left_open.unsent(), 1, "the wish waits for whose it is");
        assert_eq!(town.show("bookings").await, "");
        assert_eq!(town.count("select count(*) from applied").await, applied);
        assert_eq!(town.count("select count(*) from devices").await, devices);

        aoi.online().await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
    }
}
