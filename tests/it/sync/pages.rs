//! Pulls that do not fit on one page, while the company goes on.

use domain::{
    booking::{Ask, OpenAvailability, Pattern, Slot},
    id::AvailabilityId,
    sync::{replica::Replica, wire::RowChange},
    time::Weekday,
};
use tests::{village::clock, village::day};

use super::*;

/// A page with all that surrounds its rows.
const PAGE: usize = 160 << 10;

/// A host opens every quarter of an hour of every working day for eight weeks: more than one page of slots.
async fn open_everything(town: &Town, host: &str) -> Device {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let phone = town.loaded_phone_of(host).await;
    // A rule of its own for each part of the day: one is not allowed to yield so many.
    for hour in (9..17).step_by(2) {
        let rule = OpenAvailability {
            availability: AvailabilityId::born(town.now(), town.chance()),
            pattern: Pattern {
                days: vec![Monday, Tuesday, Wednesday, Thursday, Friday],
                from: clock(hour, 0),
                to: clock(hour + 2, 0),
                buffer: 0,
                first: day(2030, 11, 11),
                last: day(2030, 12, 27),
                weekly_cap: None,
            },
            place: "会議室 A".into(),
            link: String::new(),
            note: "仕事のことも、そうでないことも、なんでもどうぞ。".into(),
        };
        phone.wish(Mutation::OpenAvailability(rule)).await;
    }
    assert_eq!(phone.refusals(), Vec::<String>::new());
    phone
}

/// What a phone learns page by page, from `request` on. `between` happens after each page but the last.
async fn pull(
    phone: &Device,
    mut request: SyncRequest,
    mut replica: Replica,
    mut between: impl AsyncFnMut(&Replica),
) -> (Replica, usize) {
    for pages in 1.. {
        let reply = phone.post(&request).await;
        assert!(reply.body.len() < PAGE, "{} bytes", reply.body.len());
        let answer = changes(understood(&reply));
        replica.apply(&answer.audiences, &answer.rows);
        request.cursor = Some(answer.cursor);
        request.reset.clear();
        if !answer.more {
            request.check = true;
            let last = changes(understood(&phone.post(&request).await));
            replica.apply(&last.audiences, &last.rows);
            let sums = last.check.expect("sums were asked for");
            for (audience, sum) in sums {
                assert_eq!(
                    replica.sum(&audience),
                    sum,
                    "{audience} after {pages} pages"
                );
            }
            return (replica, pages);
        }
        between(&replica).await;
    }
    unreachable!("a pull ends")
}

/// The first and the last free slot that a replica holds.
fn ends(replica: &Replica) -> [Slot; 2] {
    let slots = &replica.view().slots;
    let mut by_start: Vec<_> = slots.values().collect();
    by_start.sort_by_key(|it| it.starts);
    [by_start[0].clone(), by_start[by_start.len() - 1].clone()]
}

fn ask(town: &Town, slot: &Slot) -> Mutation {
    Mutation::Ask(Ask {
        booking: BookingId::random(town.chance()),
        wishes: vec![domain::booking::Wish {
            slot: slot.id,
            starts: slot.starts,
            place: slot.place.clone(),
        }],
        topic: String::new(),
        talk: String::new(),
        avoid: String::new(),
    })
}

both_engines! {
    /// A first load of thousands of rows comes in pages; what is booked, closed and opened meanwhile is not lost between them.
    async fn a_long_first_load_is_whole(town) {
        let mio = open_everything(&town, "mio").await;
        let sato = open_everything(&town, "sato").await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        aoi.assert_converged().await;
        let all = mio.machine().replica().view().host_slots.clone();
        let mut request = aoi.pull_request();
        request.cursor = None;
        let mut unsent = all.values().filter(|it| it.starts.day() >= day(2030, 12, 20));
        let mut round = 0;
        let (replica, pages) = pull(&aoi, request, Replica::default(), async |replica| {
            let [first, last] = ends(replica);
            // One that was sent is booked, one that was sent is closed, one that was not sent yet is closed.
            ren.wish(ask(&town, &first)).await;
            sato.wish(Mutation::CloseSlot(CloseSlot { slot: last.id, word: String::new() })).await;
            mio.wish(Mutation::CloseSlot(CloseSlot { slot: unsent.next().unwrap().id, word: String::new() })).await;
            // And one is given back.
            if round == 1 {
                let booking = *ren.machine().replica().view().bookings.keys().next().unwrap();
                ren.cancel(booking).await;
            }
            round += 1;
        }).await;
        assert!(pages >= 3, "{pages} pages");
        aoi.sync().await;
        aoi.assert_converged().await;
        assert_eq!(replica.view().slots, aoi.machine().replica().view().slots);
    }

    /// So does everything that changed while a phone was away for long.
    async fn a_long_absence_is_made_up_for_in_pages(town) {
        let aoi = town.loaded_phone_of("aoi").await;
        let (cursor, replica) = (aoi.pull_request().cursor, aoi.machine().replica().clone());
        let mio = open_everything(&town, "mio").await;
        open_everything(&town, "sato").await;
        let ren = town.loaded_phone_of("ren").await;
        let mut request = aoi.pull_request();
        request.cursor = cursor;
        let (replica, pages) = pull(&aoi, request, replica, async |replica| {
            let [first, last] = ends(replica);
            ren.wish(ask(&town, &first)).await;
            mio.wish(Mutation::CloseSlot(CloseSlot { slot: last.id, word: String::new() })).await;
        }).await;
        assert!(pages >= 3, "{pages} pages");
        aoi.sync().await;
        aoi.assert_converged().await;
        assert_eq!(replica.view().slots, aoi.machine().replica().view().slots);
    }

    /// An audience that is asked for anew half-way begins again.
    async fn an_audience_that_is_reset_half_way_begins_again(town) {
        open_everything(&town, "mio").await;
        let aoi = town.loaded_phone_of("aoi").await;
        let mut request = aoi.pull_request();
        request.cursor = None;
        let first = changes(understood(&aoi.post(&request).await));
        assert!(first.more);
        let mut replica = Replica::default();
        replica.apply(&first.audiences, &first.rows);
        request.cursor = Some(first.cursor);
        let slots = |rows: &[RowChange]| rows.iter().filter(|it| &*it.0 == "slot").map(|it| it.1.clone()).collect::<Vec<_>>();
        let next = changes(understood(&aoi.post(&request).await));
        assert!(!next.audiences.enter.contains(&"holders".into()), "it goes on");
        request.reset = vec!["holders".into()];
        let anew = changes(understood(&aoi.post(&request).await));
        assert!(anew.audiences.enter.contains(&"holders".into()), "it begins again");
        assert!(slots(&anew.rows).contains(&slots(&first.rows)[0]));
        pull(&aoi, request, replica, async |_| {}).await;
    }
}
