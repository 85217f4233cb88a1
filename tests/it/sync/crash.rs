//! Wherever the app dies, around whichever of its transactions.

use super::*;

/// Aoi in the train: asks for a time in a tunnel, asks for another that she cannot have, gives the first one up again, and
/// reads what became of it all.
async fn a_ride(aoi: &Device) {
    aoi.sync().await;
    aoi.offline();
    let booking = aoi.ask_with(["tue-1000"], "配属", "部署の雰囲気", "").await;
    aoi.online().await;
    aoi.ask_for(["tue-1000"]).await;
    aoi.read_outcomes().await;
    aoi.cancel(booking).await;
    aoi.read_outcomes().await;
}

/// What rides have done so far: wishes of Aoi's that were granted, that were refused, bookings, bookings given up.
async fn done(town: &Town) -> [i64; 4] {
    [
        town.count("select count(*) from applied where refusal is null and member_id in (select id from members where name = '青井 葵')").await,
        town.count("select count(*) from applied where refusal is not null and member_id in (select id from members where name = '青井 葵')").await,
        town.count("select count(*) from bookings").await,
        town.count("select count(*) from bookings where cancelled_at is not null").await,
    ]
}

both_engines! {
    /// 13: the app dies before or after any transaction of its store; nothing is lost, and nothing happens twice.
    async fn crash_atomicity_at_any_point(town) {
        town.open("mio", ["tue-1000"]).await;
        for death in [Death::Before, Death::After] {
            for others in 0.. {
                let before = done(&town).await;
                let aoi = town.second_phone_of("aoi").await;
                aoi.die_after(others, death);
                a_ride(&aoi).await;
                let at = format!("{death:?} transaction {others}");
                let after = done(&town).await;
                let news: Vec<_> = before.iter().zip(after).map(|(before, after)| after - before).collect();
                assert_eq!(news, [5, 1, 1, 1], "{at}: asked, given up, read three times; one refusal; one booking");
                assert_eq!((aoi.unsent(), aoi.booked(), aoi.refusals()), (0, vec![], vec![]), "{at}");
                aoi.assert_converged().await;
                // What is stored is what is shown, also to an app that is opened again.
                aoi.reopen();
                aoi.sync().await;
                aoi.assert_converged().await;
                assert_eq!(done(&town).await, after, "{at}: nothing is delivered again");
                if !aoi.has_died() {
                    assert!(others > 8, "a ride of {others} transactions");
                    break;
                }
            }
        }
        town.assert_projection_is_rebuild().await;
    }
}
