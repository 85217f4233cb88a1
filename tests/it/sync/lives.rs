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
}
