//! Many pushes in one commit: what each of them decides, the next one knows, though nothing is written yet.

use domain::{
    booking::{Ask, Cancel, Limits},
    id::BookingId,
    sync::mutation::Mutation,
};
use futures::future::{BoxFuture, join_all};
use tests::{Device, Town, both_engines};
use tokio::sync::oneshot;

/// Lets all of this wait in front of the writer, so that it becomes one commit, in this order.
async fn together(town: &Town, doings: Vec<BoxFuture<'_, ()>>) {
    let (go, held) = oneshot::channel::<()>();
    let executor = town.services().executor.clone();
    let writer = executor.run(move |_| {
        Box::pin(async move {
            let _ = held.await;
            Ok(())
        })
    });
    let pushing = async {
        let count = doings.len();
        let pushing = join_all(doings);
        let release = async {
            // Everybody stands in the queue.
            while town.services().executor.waiting() < count {
                tokio::task::yield_now().await;
            }
            let _ = go.send(());
        };
        futures::join!(pushing, release)
    };
    let (held, _) = futures::join!(writer, pushing);
    held.expect("the writer goes on");
}

fn asking<'a>(phone: &'a Device, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        phone.ask_for([name]).await;
    })
}

async fn limits(town: &Town, change: impl FnOnce(&mut Limits)) {
    let mut limits = Limits::default();
    change(&mut limits);
    town.loaded_phone_of("sato")
        .await
        .wish(Mutation::SetLimits(limits))
        .await;
}

fn refused(phones: &[&Device], code: &str) -> usize {
    phones.iter().filter(|it| it.refusals() == [code]).count()
}

both_engines! {
    /// One slot, everybody at once: one has it, and all others are offered something that is really free.
    async fn a_batch_gives_a_slot_once(town) {
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030"]).await;
        let crowd = town.crowd(20).await;
        together(&town, crowd.iter().map(|it| asking(it, "tue-1000")).collect()).await;
        assert_eq!(town.count("select count(*) from bookings").await, 1);
        let losers: Vec<_> = crowd.iter().filter(|it| !it.refusals().is_empty()).collect();
        assert_eq!(losers.len(), 19);
        for loser in losers {
            assert_eq!((loser.refusals(), loser.offered()), (vec!["slot_taken".to_owned()], vec!["tue-1015".to_owned(), "tue-1030".to_owned()]));
        }
        town.assert_projection_is_rebuild().await;
    }

    /// A host's day counts what the same batch has booked, and its last free slots leave the phones with it.
    async fn a_batch_keeps_a_hosts_day(town) {
        let names = ["tue-1000", "tue-1015", "tue-1030", "tue-1045", "tue-1100", "tue-1115"];
        town.open("mio", names).await;
        limits(&town, |it| it.host_per_day = 3).await;
        let crowd = town.crowd(6).await;
        together(&town, crowd.iter().zip(names).map(|(phone, name)| asking(phone, name)).collect()).await;
        assert_eq!(town.count("select count(*) from bookings").await, 3);
        assert_eq!(refused(&crowd.iter().collect::<Vec<_>>(), "host_day_full"), 3);
        for phone in &crowd {
            phone.sync().await;
            assert_eq!(phone.free(), Vec::<String>::new(), "a full day leaves the phones");
            phone.assert_converged().await;
        }
        town.assert_projection_is_rebuild().await;
    }

    /// A person's two phones ask at once for times that overlap, and for more than one day's fill.
    async fn a_batch_keeps_a_persons_time_and_limits(town) {
        town.open("mio", ["tue-1000", "tue-1100", "tue-1200"]).await;
        town.open("sato", ["tue-1005@sato"]).await;
        let phones = [town.loaded_phone_of("aoi").await, town.loaded_phone_of("aoi").await, town.loaded_phone_of("aoi").await, town.loaded_phone_of("aoi").await];
        let wishes = ["tue-1000", "tue-1005@sato", "tue-1100", "tue-1200"];
        together(&town, phones.iter().zip(wishes).map(|(phone, name)| asking(phone, name)).collect()).await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1000\naoi: tue-1100");
        phones[0].sync().await;
        let mut refusals = phones[0].refusals();
        refusals.sort_unstable();
        assert_eq!(refusals, ["already_then", "day_full"]);
        town.assert_projection_is_rebuild().await;
    }

    /// A host closes a slot, somebody cancels, somebody moves, all between asks: each sees what came before.
    async fn a_batch_mixes_asks_with_everything_else(town) {
        town.open("mio", ["tue-1000", "tue-1015", "tue-1030", "tue-1045"]).await;
        let (aoi, ren, mei) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await, town.loaded_phone_of("mei").await);
        let mio = town.loaded_phone_of("mio").await;
        let first = aoi.ask_for(["tue-1000"]).await;
        for phone in [&ren, &mei, &mio] {
            phone.sync().await;
        }
        let crowd = town.crowd(3).await;
        together(&town, vec![
            asking(&crowd[0], "tue-1015"),
            Box::pin(aoi.cancel(first)),
            asking(&ren, "tue-1000"),
            Box::pin(mio.close("tue-1015", "急な会議が入りました。申し訳ありません。")),
            asking(&mei, "tue-1015"),
            asking(&crowd[1], "tue-1000"),
            asking(&crowd[2], "tue-1030"),
        ]).await;
        let live = "select count(*) from bookings where cancelled_at is null";
        assert_eq!(town.count(live).await, 2, "{}", town.show("bookings").await);
        assert_eq!((ren.booked(), ren.refusals()), (vec!["tue-1000".to_owned()], vec![]), "what was cancelled before is free");
        assert_eq!(mei.refusals(), ["slot_closed"]);
        assert_eq!(crowd[1].refusals(), ["slot_taken"]);
        assert_eq!(crowd[2].refusals(), Vec::<String>::new());
        for phone in [&aoi, &ren, &mei, &mio].into_iter().chain(&crowd) {
            phone.sync().await;
            phone.assert_converged().await;
        }
        town.assert_projection_is_rebuild().await;
    }

    /// What is refused half-way takes nothing with it that was booked before.
    async fn a_refusal_in_a_batch_takes_back_only_itself(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let (aoi, ren, mei, mio) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await, town.loaded_phone_of("mei").await, town.loaded_phone_of("mio").await);
        let nothing = Mutation::Cancel(Cancel { booking: BookingId::random(town.chance()) });
        together(&town, vec![
            asking(&aoi, "tue-1000"),
            Box::pin(async { mei.wish(nothing).await; }),
            asking(&ren, "tue-1015"),
            // Somebody has booked it by now, and there is no word for them.
            Box::pin(mio.close("tue-1015", "")),
        ]).await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1000\nren: tue-1015");
        assert_eq!((mei.refusals(), mio.refusals().len()), (vec!["not_there".to_owned()], 1));
        for phone in [&aoi, &ren, &mei, &mio] {
            phone.sync().await;
            phone.assert_converged().await;
        }
        town.assert_projection_is_rebuild().await;
    }

    /// Batches of anything, in any order: nothing is booked twice, every limit holds, and every phone shows the truth.
    async fn any_batch_keeps_every_rule(town) {
        const NAMES: [&str; 12] = [
            "tue-1000", "tue-1015", "tue-1030", "tue-1045", "wed-1000", "wed-1015",
            "tue-1005@sato", "tue-1020@sato", "tue-1035@sato", "wed-1005@sato", "wed-1020@sato", "wed-1035@sato",
        ];
        town.open("mio", [NAMES[0], NAMES[1], NAMES[2], NAMES[3], NAMES[4], NAMES[5]]).await;
        town.open("sato", [NAMES[6], NAMES[7], NAMES[8], NAMES[9], NAMES[10], NAMES[11]]).await;
        limits(&town, |it| it.host_per_day = 3).await;
        let crowd = town.crowd(10).await;
        let mio = town.loaded_phone_of("mio").await;
        // Numerical Recipes' generator: the same batches at every run.
        let mut seed = 2_026_u32;
        let mut dice = |sides: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % sides
        };
        for round in 0..12 {
            let mut doings: Vec<BoxFuture<'_, ()>> = Vec::new();
            for phone in &crowd {
                let name = NAMES[dice(NAMES.len())];
                let booked = phone.machine().replica().view().bookings.values().find(|it| it.is_live()).map(|it| it.id);
                doings.push(match (booked, dice(4)) {
                    (Some(booking), 0) => Box::pin(phone.cancel(booking)),
                    (Some(booking), 1) => Box::pin(phone.move_to(booking, [name])),
                    (_, 2) => {
                        let nothing = Cancel { booking: BookingId::random(town.chance()) };
                        Box::pin(async { phone.wish(Mutation::Cancel(nothing)).await; })
                    }
                    _ => asking(phone, name),
                });
            }
            let at = dice(doings.len());
            let word = ["", "急な会議が入りました。申し訳ありません。"][dice(2)];
            if round % 3 == 2 {
                doings.insert(at, Box::pin(mio.close(NAMES[dice(6)], word)));
            }
            together(&town, doings).await;
            for (what, sql) in [
                ("a slot twice", "select count(*) from (select slot_id from bookings where cancelled_at is null group by slot_id having count(*) > 1) x"),
                ("a host's full day", "select count(*) from (select s.host_id from bookings b join slots s on s.id = b.slot_id \
                    where b.cancelled_at is null group by s.host_id, s.day having count(*) > 3) x"),
                ("a person's full day", "select count(*) from (select b.member_id from bookings b join slots s on s.id = b.slot_id \
                    where b.cancelled_at is null group by b.member_id, s.day having count(*) > 2) x"),
                ("a closed slot", "select count(*) from bookings b join slots s on s.id = b.slot_id where b.cancelled_at is null and s.closed_at is not null"),
            ] {
                assert_eq!(town.count(sql).await, 0, "{what}, round {round}");
            }
            for phone in crowd.iter().chain([&mio]) {
                phone.sync().await;
                phone.assert_converged().await;
            }
            town.assert_projection_is_rebuild().await;
        }
        assert!(town.count("select count(*) from bookings").await > 20, "it was not all refused");
    }

    /// Where a constraint knows better than the rule, the batch falls apart and everybody still gets their own answer.
    async fn what_only_a_constraint_sees_harms_nobody_else(town) {
        town.open("mio", ["tue-1000", "tue-1015", "wed-1000"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        // A device that makes the same id twice, as none of ours does.
        let booking = BookingId::random(town.chance());
        let ask = |phone: &Device, name: &'static str| Mutation::Ask(Ask {
            booking,
            wishes: phone.wishes([name]),
            topic: String::new(),
            talk: String::new(),
            avoid: String::new(),
        });
        let (one, two) = (ask(&aoi, "tue-1000"), ask(&ren, "tue-1015"));
        let mei = town.loaded_phone_of("mei").await;
        together(&town, vec![
            Box::pin(async { aoi.wish(one).await; }),
            Box::pin(async { ren.wish(two).await; }),
            asking(&mei, "wed-1000"),
        ]).await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1000\nmei: wed-1000");
        assert_eq!((ren.booked(), ren.refusals()), (vec![], vec!["not_there".to_owned()]));
        ren.sync().await;
        assert!(ren.free().contains(&"tue-1015".to_owned()), "and nothing is left of it");
        ren.ask_for(["tue-1015"]).await;
        assert_eq!(ren.booked(), ["tue-1015"], "not even their time");
        town.assert_projection_is_rebuild().await;
    }

    /// The same wish twice in one batch, from a phone and from its copy: carried out once, answered alike.
    async fn a_batch_decides_a_wish_once(town) {
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.offline();
        aoi.ask_for(["tue-1000"]).await;
        let copy = aoi.cloned();
        together(&town, vec![Box::pin(aoi.online()), Box::pin(copy.online())]).await;
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
        for phone in [&aoi, &copy] {
            phone.sync().await;
            assert_eq!((phone.booked(), phone.refusals(), phone.unsent()), (vec!["tue-1000".to_owned()], vec![], 0));
            phone.assert_converged().await;
        }
        assert_eq!(town.count("select count(*) from bookings").await, 1);
    }
}
