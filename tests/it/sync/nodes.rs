//! Several server processes on one database.

use std::time::Duration;

use domain::booking::Ask;

use super::*;

/// A process looks every second for what others wrote; nobody waits in vain longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

both_engines! {
    /// 11, across processes and lost answers: a wish that another commit has answered is answered again with its rows.
    async fn a_repeated_wish_is_answered_with_its_rows(town) {
        let other = town.beside().await;
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let slot = town.slot("tue-1000");
        let booking = BookingId::born(town.now(), town.chance());
        let ask = Mutation::Ask(Ask { booking, wishes: aoi.wishes(["tue-1000"]), topic: String::new(), talk: String::new(), avoid: String::new() });
        let mut request = aoi.pull_request();
        request.mutations = vec![Envelope { n: 1, id: MutationId::born(town.now(), town.chance()), at: town.now(), name: ask.name().into(), body: ask.body() }];
        // As when a commit is on the disk and the word of it is lost: somebody else wrote it, and the bytes come again.
        let lost = aoi.cloned().served_by(&other).post(&request).await;
        let again = aoi.post(&request).await;
        for reply in [lost, again] {
            let Answer::Changes(answer) = understood(&reply) else { panic!("{}", reply.text()) };
            assert_eq!((answer.last, answer.outcomes.len()), (1, 1));
            let rows: Vec<_> = answer.rows.iter().map(|it| (&*it.0, it.1.to_string(), it.4.is_some())).collect();
            assert!(rows.contains(&("booking", booking.to_string(), true)), "{rows:?}");
            assert!(rows.contains(&("slot", slot.id.to_string(), false)), "{rows:?}");
        }
    }

    /// 10, across processes: two of them write at the same time while phones pull from both; no phone misses a row.
    async fn no_hole_between_two_processes(town) {
        let other = town.beside().await;
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030", "tue-1045"]).await;
        town.open("sato", ["wed-1000", "wed-1015", "wed-1030", "wed-1045"]).await;
        let crowd = town.crowd(12).await;
        let names = ["tue-1000", "tue-1015", "tue-1030", "tue-1045", "wed-1000", "wed-1015", "wed-1030", "wed-1045"];
        let watchers = [town.loaded_phone_of("aoi").await, other.loaded_phone_of("ren").await];
        let workers = [&town, &other].map(|it| server::job::start(it.services(), server::job::PAUSE).unwrap());
        let phones: Vec<_> = crowd.into_iter().enumerate().map(|(at, it)| it.served_by(if at % 2 == 0 { &town } else { &other })).collect();
        let writers = join_all(phones.iter().enumerate().map(|(at, phone)| async move {
            for round in 0..4 {
                let booking = phone.ask_for([names[(at * 3 + round * 5) % names.len()]]).await;
                phone.cancel(booking).await;
            }
        }));
        let watching = join_all(watchers.iter().map(|it| async move {
            for _ in 0..40 {
                it.sync().await;
            }
        }));
        futures::join!(writers, watching);
        for (watcher, town) in watchers.iter().zip([&town, &other]) {
            let services = town.services();
            let mut heard = services.feed.listen();
            watcher.sync().await;
            // As long as something is missing, a poke must come that says so.
            while !watcher.is_converged().await {
                let is_told = tokio::time::timeout(PATIENCE, heard.changed(&[Audience::OfferHolders])).await;
                assert_eq!(is_told, Ok(true), "{} is told", watcher.owner());
                watcher.sync().await;
            }
        }
        for phone in &phones {
            phone.sync().await;
            phone.assert_converged().await;
        }
        assert_eq!(watchers[0].free().len(), names.len(), "everything was given back");
        town.assert_projection_is_rebuild().await;
        for worker in workers {
            worker.stop().await;
        }
    }

    /// 10, across processes: what one of them wrote before the other did is not overlooked by the other.
    async fn no_hole_behind_what_another_process_wrote(town) {
        let other = town.beside().await;
        let (ren, mei) = (other.loaded_phone_of("ren").await, other.loaded_phone_of("mei").await);
        let services = other.services();
        let mut heard = services.feed.listen();
        town.open("mio", ["tue-1000"]).await;
        // Later in the order comes something of Mei's own, which says nothing about the slot.
        mei.wish(Mutation::Cancel(Cancel { booking: BookingId::random(town.chance()) })).await;
        let worker = server::job::start(services.clone(), server::job::PAUSE).unwrap();
        let is_told = tokio::time::timeout(PATIENCE, heard.changed(&[Audience::OfferHolders])).await;
        assert_eq!(is_told, Ok(true), "the other process hears of the slot");
        ren.sync().await;
        assert_eq!(ren.free(), ["tue-1000"]);
        ren.assert_converged().await;
        worker.stop().await;
    }
}

/// What one process commits the others on the same PostgreSQL hear at once, and again after their line was cut; the look of
/// the worker is not needed for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_heard_at_once() {
    let town = Town::new(Engine::Postgres).await;
    let other = town.beside().await;
    let services = other.services();
    let mut heard = services.feed.listen();
    let _hearing = server::job::hear(&services);
    let told = async |heard: &mut server::sync::Listening, within: Duration| {
        tokio::time::timeout(within, heard.changed(&[Audience::OfferHolders])).await
    };
    town.open("mio", ["tue-1000"]).await;
    assert_eq!(told(&mut heard, PATIENCE).await, Ok(true));
    // The first may have been found at the beginning; these are heard.
    for name in ["tue-1015", "tue-1030", "tue-1045"] {
        heard.settle();
        town.open("mio", [name]).await;
        assert_eq!(
            told(&mut heard, Duration::from_secs(1)).await,
            Ok(true),
            "within a second"
        );
    }
    heard.settle();
    let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where query like 'LISTEN%' and datname = current_database()";
    let (count,): (i64,) = sqlx::query_as(cut)
        .fetch_one(&town.look().await)
        .await
        .unwrap();
    assert_eq!(count, 1, "one line was cut");
    town.open("mio", ["tue-1100"]).await;
    assert_eq!(
        told(&mut heard, PATIENCE).await,
        Ok(true),
        "heard after a pause"
    );
    let ren = other.loaded_phone_of("ren").await;
    assert_eq!(ren.free().len(), 5);
}
