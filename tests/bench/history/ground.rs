//! The company in which it happens: eight mentors, forty offer-holders, HR and the owner; limits so tight and times so few
//! that everybody is in everybody's way. Yesterday some of them talked already, so there is something to write down.

use anyhow::{Result, ensure};
use domain::{
    booking::{Ask, Limits, OpenAvailability, Pattern, Place, Wish},
    id::{AvailabilityId, BookingId, MemberId, SlotId},
    member::Role,
    sync::mutation::Mutation,
    time::{HOUR, Time, Weekday},
};
use tests::{
    Device, Engine, Town,
    history::Rules,
    village::{cast, clock, opening},
};

use crate::city::{members, settled};

const HOSTS: usize = 8;
const HOLDERS: usize = 40;
/// Places of the two dinners that everybody is invited to.
const PLACES: [u16; 2] = [3, 12];
/// The limits in force.
pub(super) const RULES: Rules = Rules {
    member_per_day: 2,
    member_ahead: 6,
    host_per_day: 6,
};

/// Somebody who takes part.
pub(super) struct Person {
    pub(super) id: MemberId,
    pub(super) role: Role,
    pub(super) cookie: String,
    pub(super) seed: u64,
    pub(super) now: Time,
}

/// All of it, at the moment when the history begins.
pub(super) struct Ground {
    pub(super) town: Town,
    pub(super) people: Vec<Person>,
    pub(super) now: Time,
    /// Places of each event.
    pub(super) places: Vec<(String, usize)>,
}

pub(super) async fn build(engine: Engine) -> Result<Ground> {
    let limits = Limits {
        lead_minutes: 0,
        member_per_day: u16::try_from(RULES.member_per_day)?,
        member_ahead: u16::try_from(RULES.member_ahead)?,
        host_per_day: u16::try_from(RULES.host_per_day)?,
    };
    let town = settled(engine, (HOSTS, HOLDERS), limits).await;
    let (hosts, holders) = (
        members(&town, "host-%").await,
        members(&town, "holder-%").await,
    );
    ensure!(
        hosts.len() == HOSTS && holders.len() == HOLDERS,
        "not everybody came"
    );
    let mut first = Vec::new();
    for host in &hosts {
        first.push(open(&town, *host).await);
    }
    // Tomorrow, which will be yesterday: three talks of each mentor.
    for (at, holder) in holders.iter().take(3 * HOSTS).enumerate() {
        let wish = first[at % HOSTS][at / HOSTS].clone();
        let cookie = town.sign_in_directly(*holder).await;
        let phone = Device::of(&town, "holder", *holder, Role::OfferHolder, &cookie);
        let booking = BookingId::born(town.now(), town.chance());
        phone
            .wish(Mutation::Ask(Ask {
                booking,
                wishes: vec![wish],
                topic: String::new(),
                talk: String::new(),
                avoid: String::new(),
            }))
            .await;
        ensure!(phone.refusals().is_empty(), "{:?}", phone.refusals());
    }
    let now = opening().day().plus(1).at(clock(12, 0)) + 8 * HOUR;
    town.move_to(now);
    let mut people = Vec::new();
    let staff = [
        (cast("sato").id(), Role::Hr),
        (cast("kawai").id(), Role::Owner),
    ];
    let all = holders
        .iter()
        .map(|it| (*it, Role::OfferHolder))
        .chain(hosts.iter().map(|it| (*it, Role::Mentor)))
        .chain(staff);
    for (seed, (id, role)) in (1..).zip(all) {
        let cookie = town.sign_in_directly(id).await;
        people.push(Person {
            id,
            role,
            cookie,
            seed,
            now,
        });
    }
    let mut places = Vec::new();
    for most in PLACES {
        let event = town.invite_to_dinner(most, |_| ()).await;
        places.push((event.to_string(), usize::from(most)));
    }
    Ok(Ground {
        town,
        people,
        now,
        places,
    })
}

/// A mentor opens an hour of every weekday for four weeks. The times of the first day.
async fn open(town: &Town, host: MemberId) -> Vec<Wish> {
    let cookie = town.sign_in_directly(host).await;
    let phone = Device::of(town, "host", host, Role::Mentor, &cookie);
    let availability = AvailabilityId::born(town.now(), town.chance());
    let first = opening().day().plus(1);
    let days = vec![
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
    ];
    let pattern = Pattern {
        days,
        from: clock(17, 0),
        to: clock(19, 0),
        buffer: 0,
        first,
        last: first.plus(27),
        weekly_cap: None,
    };
    let starts = pattern
        .starts(town.now())
        .expect("a rule that yields slots");
    let open = OpenAvailability {
        availability,
        pattern,
        place: "会議室 A".into(),
        link: String::new(),
        note: String::new(),
    };
    phone.wish(Mutation::OpenAvailability(open)).await;
    assert_eq!(phone.refusals(), Vec::<String>::new());
    let place: Place = serde_json::from_str(r#"{"at":"会議室 A"}"#).expect("a place");
    let wish = |starts: Time| Wish {
        slot: SlotId::yielded(availability, starts),
        starts,
        place: place.clone(),
    };
    starts
        .into_iter()
        .take_while(|it| it.day() == first)
        .map(wish)
        .collect()
}
