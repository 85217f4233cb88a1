//! Other lives: a server from a backup, a copied profile, a phone that lay in a drawer.

use super::*;

both_engines! {
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

    /// 15, in order: what a device was told by the lost end of the database comes before anything new of it.
    async fn nothing_new_before_what_was_lost(town) {
        let mio = town.loaded_phone_of("mio").await;
        let backup = town.backup().await;
        mio.wish(profile("ひとつめ")).await;
        let cursor = mio.pull_request().cursor;
        town.restore(&backup).await;
        // A copy of the profile could have any number: also one that fits.
        let mut request = pushing(&town, DeviceId::random(town.chance()), 1, &[profile("ふたつめ")]);
        request.cursor = cursor;
        assert_eq!(understood(&mio.post(&request).await), Answer::Problem(Problem::History));
        assert_eq!(town.count("select count(*) from members where talks_about = 'ふたつめ'").await, 0);
        mio.wish(profile("ふたつめ")).await;
        assert_eq!(town.count("select count(*) from members where talks_about = 'ふたつめ'").await, 1, "and it is the last");
        assert_eq!(town.count("select count(*) from applied where refusal is null and member_id in (select id from members where name = '森 美緒')").await, 2);
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

    /// 23: two tabs of an old build, which never learn the life of the database, deliver and come to rest.
    async fn old_tabs_come_to_rest(town) {
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.phone_of("aoi");
        aoi.offline();
        let tab = aoi.another_tab();
        aoi.ask_for(["tue-1000"]).await;
        for it in [&aoi, &tab, &aoi, &tab] {
            it.catch_up();
            if let Step::Send(mut request) = it.step() {
                request.protocol = 0;
                it.hear(News::Answered(understood(&it.post(&request).await)));
            }
        }
        for it in [&aoi, &tab] {
            it.catch_up();
            assert_eq!((it.unsent(), it.machine().outbox().len()), (0, 0), "nothing goes from tab to tab for ever");
        }
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
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
        assert_eq!((machine.hold(), writes.answered.len(), machine.outbox().len()), (Some(Hold::Outdated), 1, 0));
        // Old names stay understood: every name of this build has its version.
        assert!(Mutation::NAMES.iter().all(|it| it.rsplit_once(".v").is_some_and(|it| it.1.parse::<u32>().is_ok())));
    }
}
