//! A town large enough to measure in: many hosts with open slots, many offer-holders with sessions.

use anyhow::{Result, ensure};
use domain::{
    booking::{Ask, Limits, OpenAvailability, Pattern, Wish},
    id::{AvailabilityId, BookingId, DeviceId, MemberId, MutationId, SlotId},
    member::Role,
    sync::{
        mutation::Mutation,
        wire::{Envelope, PROTOCOL, SyncRequest},
    },
    time::{Time, Weekday},
};
use tests::{
    Device, Engine, Town,
    postgres::Disk,
    village::{clock, opening},
};

/// Slots that each host opens.
pub(crate) const SLOTS_EACH: usize = 600;

/// The town, its offer-holders, and for each of them slots that nobody else wants.
pub(crate) struct City {
    pub(crate) town: Town,
    pub(crate) people: Vec<Somebody>,
}

/// An offer-holder with a device and what they are going to ask for.
pub(crate) struct Somebody {
    pub(crate) member: MemberId,
    pub(crate) cookie: String,
    pub(crate) device: DeviceId,
    pub(crate) wishes: Vec<Wish>,
}

impl City {
    /// Builds it.
    pub(crate) async fn new(engine: Engine, hosts: usize, holders: usize) -> Result<Self> {
        ensure!(
            holders.is_multiple_of(hosts),
            "each host has the same number of offer-holders"
        );
        let limits = Limits {
            lead_minutes: 0,
            member_per_day: 100,
            member_ahead: 100,
            host_per_day: 100,
        };
        let town = settled(engine, (hosts, holders), limits).await;
        let mut slots = Vec::new();
        for id in members(&town, "host-%").await {
            slots.push(open(&town, id).await);
        }
        let mut people = Vec::new();
        for (at, id) in members(&town, "holder-%").await.into_iter().enumerate() {
            let (host, turn) = (at % hosts, at / hosts);
            let wishes = slots[host]
                .iter()
                .skip(turn)
                .step_by(holders / hosts)
                .cloned()
                .collect();
            let cookie = town.sign_in_directly(id).await;
            people.push(Somebody {
                member: id,
                cookie,
                device: DeviceId::random(town.chance()),
                wishes,
            });
        }
        Ok(Self { town, people })
    }
}

/// A town on a sure disk with so many hosts, `host-0000@example.jp` and on, and offer-holders, `holder-0000@example.jp` and on.
pub(crate) async fn settled(
    engine: Engine,
    (hosts, holders): (usize, usize),
    limits: Limits,
) -> Town {
    let town = Town::with(engine, Disk::Sure).await;
    let mut csv = String::from("氏名,メール,役割\n");
    for at in 0..hosts {
        csv.push_str(&format!("先輩 {at},host-{at:04}@example.jp,メンター\n"));
    }
    for at in 0..holders {
        csv.push_str(&format!("内定 {at},holder-{at:04}@example.jp,内定者\n"));
    }
    town.import(&csv).await;
    town.phone_of("kawai")
        .wish(Mutation::SetLimits(limits))
        .await;
    town
}

/// Who has such an address, in its order.
pub(crate) async fn members(town: &Town, like: &str) -> Vec<MemberId> {
    let mut tx = town.read().await;
    let rows: Vec<(String,)> =
        sqlx::query_as("select id from members where email like $1 order by email")
            .bind(like)
            .fetch_all(&mut *tx)
            .await
            .expect("members");
    rows.into_iter()
        .map(|it| it.0.parse().expect("an id"))
        .collect()
}

/// A host opens an hour of every weekday for half a year.
async fn open(town: &Town, host: MemberId) -> Vec<Wish> {
    let cookie = town.sign_in_directly(host).await;
    let phone = Device::of(town, "host", host, Role::Mentor, &cookie);
    let availability = AvailabilityId::born(town.now(), town.chance());
    let first = opening().day().monday().plus(7);
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
        to: clock(18, 0),
        buffer: 0,
        first,
        last: first.plus(180),
        weekly_cap: None,
    };
    let place = "会議室 A".to_owned();
    let starts = pattern
        .starts(town.now())
        .expect("a rule that yields slots");
    assert!(starts.len() <= SLOTS_EACH);
    let open = OpenAvailability {
        availability,
        pattern,
        place,
        link: String::new(),
        note: String::new(),
    };
    phone.wish(Mutation::OpenAvailability(open)).await;
    assert_eq!(phone.refusals(), Vec::<String>::new());
    let place: domain::booking::Place =
        serde_json::from_str(r#"{"at":"会議室 A"}"#).expect("a place");
    starts
        .into_iter()
        .map(|starts| Wish {
            slot: SlotId::yielded(availability, starts),
            starts,
            place: place.clone(),
        })
        .collect()
}

/// A request that asks for one slot, as a device writes it.
pub(crate) fn asking(
    device: DeviceId,
    n: u64,
    cursor: Option<String>,
    wish: &Wish,
    (at, chance): (Time, u128),
) -> (BookingId, SyncRequest) {
    let booking = BookingId::born(at, chance);
    let ask = Mutation::Ask(Ask {
        booking,
        wishes: vec![wish.clone()],
        topic: String::new(),
        talk: String::new(),
        avoid: String::new(),
    });
    let envelope = Envelope {
        n,
        id: MutationId::born(at, chance),
        at,
        name: ask.name().into(),
        body: ask.body(),
    };
    (booking, pulling(device, cursor, vec![envelope]))
}

/// A request with these wishes.
pub(crate) fn pulling(
    device: DeviceId,
    cursor: Option<String>,
    mutations: Vec<Envelope>,
) -> SyncRequest {
    SyncRequest {
        protocol: PROTOCOL,
        build: "bench".into(),
        device,
        cursor,
        mutations,
        want: Vec::new(),
        reset: Vec::new(),
        check: false,
    }
}
