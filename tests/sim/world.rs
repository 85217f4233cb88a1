//! One seed: a town, its people with their phones, and what happens next.

use std::{cell::RefCell, path::Path, rc::Rc};

use anyhow::{Context, Result};
use domain::{
    booking::Limits,
    id::{HistoryId, MemberId},
    member::Role,
    sync::mutation::Mutation,
    time::Time,
};
use tests::{Device, Engine, Town, device::Habit, town::Beginning, village::cast};

use crate::{
    broken::{Broken, Rule},
    events::Backup,
    ledger::Ledger,
    network::{Awaiting, Letter, Reply},
    truth::Truths,
};

/// Interviews of one host on one day, in every seed: few, so that the limit is met.
pub(crate) const HOST_PER_DAY: u16 = 3;
/// Steps of the shortest seed, and how many more the longest has.
const STEPS: std::ops::Range<usize> = 140..300;
/// Phones at most: copied profiles are phones, too.
const MOST_PHONES: usize = 12;

/// Offer-holders who are not of the cast: five are needed.
const NEWCOMERS: [(&str, &str); 2] = [("yui", "結城 結衣"), ("sora", "空野 宙")];

/// Somebody with a phone.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) member: MemberId,
    role: Role,
    cookie: String,
}

/// What every seed begins with.
pub(crate) struct Village {
    beginning: Beginning,
    people: Vec<Person>,
}

impl Village {
    /// The cast, two newcomers, and limits that are soon met.
    pub(crate) async fn new(engine: Engine) -> Result<Self> {
        let town = Town::new(engine).await;
        let mut people = Vec::new();
        for key in ["aoi", "ren", "mei", "mio", "sato"] {
            let person = cast(key);
            people.push(Person {
                key,
                name: person.name,
                member: person.id(),
                role: person.role,
                cookie: town.cookie_of(key),
            });
        }
        let mut csv = String::from("氏名,メール\n");
        for (key, name) in NEWCOMERS {
            csv.push_str(&format!("{name},{key}@example.jp\n"));
        }
        town.import(&csv).await;
        for (key, name) in NEWCOMERS {
            let member = member_of(&town, &format!("{key}@example.jp")).await?;
            people.push(Person {
                key,
                name,
                member,
                role: Role::OfferHolder,
                cookie: town.sign_in_directly(member).await,
            });
        }
        let sato = town.phone_of("sato");
        sato.wish(Mutation::SetLimits(Limits {
            host_per_day: HOST_PER_DAY,
            ..Limits::default()
        }))
        .await;
        for (host, names) in [
            ("mio", ["tue-1000", "tue-1015", "tue-1030", "wed-1000"]),
            (
                "sato",
                [
                    "tue-1000@sato",
                    "tue-1100@sato",
                    "wed-1000@sato",
                    "thu-1000@sato",
                ],
            ),
        ] {
            town.open(host, names).await;
        }
        // The only chance that a story would show.
        let pool = town.look().await;
        sqlx::query("update company set value = $1 where key = 'history'")
            .bind(HistoryId::random(1).to_string())
            .execute(&pool)
            .await?;
        pool.close().await;
        let beginning = town.into_beginning().await;
        Ok(Self { beginning, people })
    }
}

async fn member_of(town: &Town, address: &str) -> Result<MemberId> {
    let mut tx = town.read().await;
    let (id,): (String,) = sqlx::query_as("select id from members where email_key = $1")
        .bind(address)
        .fetch_one(&mut *tx)
        .await
        .context("the newcomer was imported")?;
    id.parse().context("an id")
}

/// A phone, or a tab.
pub(crate) struct Phone {
    pub(crate) name: String,
    pub(crate) who: Person,
    pub(crate) device: Device,
    /// Tabs of one browser have one; a copy has another.
    pub(crate) profile: usize,
    /// Counts up when everything was thrown away: order holds within one of these.
    pub(crate) age: usize,
    pub(crate) awaiting: Option<Awaiting>,
    /// Answers it heard.
    pub(crate) answers: usize,
    pub(crate) is_asleep: bool,
    /// Its build is too old to read.
    pub(crate) is_old: bool,
    /// Another tab has stored something that this one has not taken over.
    pub(crate) is_stale: bool,
    /// How far it had come, in which life of the database: it never goes back.
    pub(crate) seen: Option<(String, i64)>,
}

/// Everything that happened, line by line. Whoever tells a seed holds it, too: it outlives a panic.
pub(crate) type Story = Rc<RefCell<Vec<String>>>;

/// One seed.
pub(crate) struct World {
    pub(crate) town: Town,
    pub(crate) dice: fastrand::Rng,
    pub(crate) phones: Vec<Phone>,
    pub(crate) profiles: usize,
    pub(crate) post: Vec<Letter>,
    pub(crate) replies: Vec<Reply>,
    pub(crate) ledger: Ledger,
    pub(crate) truths: Truths,
    pub(crate) backup: Option<Backup>,
    pub(crate) broken: Broken,
    pub(crate) attempts: u64,
    /// The two months in which tombstones go, at most once in a seed.
    pub(crate) is_late: bool,
    pub(crate) words: usize,
    story: Story,
}

impl World {
    /// A town that begins as the village is.
    pub(crate) async fn new(
        village: &Village,
        home: &Path,
        seed: u64,
        without: Option<Rule>,
        story: Story,
    ) -> Result<Self> {
        let town = Town::begun(&village.beginning, home, seed).await;
        let mut world = Self {
            dice: fastrand::Rng::with_seed(seed),
            phones: Vec::new(),
            profiles: 0,
            post: Vec::new(),
            replies: Vec::new(),
            ledger: Ledger::default(),
            truths: Truths::default(),
            backup: None,
            broken: Broken::new(without),
            attempts: 0,
            is_late: false,
            words: 0,
            story,
            town,
        };
        for person in &village.people {
            let device = Device::of(
                &world.town,
                person.key,
                person.member,
                person.role,
                &person.cookie,
            );
            world.add(person.key, person, device);
        }
        // The eighth: a tablet of Aoi's. And now and then her browser has two tabs.
        let aoi = village.people[0].clone();
        let tablet = Device::of(&world.town, aoi.key, aoi.member, aoi.role, &aoi.cookie);
        world.add("aoi's tablet", &aoi, tablet);
        if world.dice.u8(0..3) == 0 {
            let tab = world.phones[0].device.another_tab();
            world.add("aoi's other tab", &aoi, tab);
            let profile = world.phones[0].profile;
            if let Some(tab) = world.phones.last_mut() {
                tab.profile = profile;
            }
        }
        world.know_everything_decided().await?;
        Ok(world)
    }

    /// Somebody begins to use a phone.
    pub(crate) fn add(&mut self, name: &str, who: &Person, device: Device) {
        let habit = match self.broken.rule() {
            Some(Rule::CursorWithRows) => Some(Habit::CursorBeforeRows),
            Some(Rule::OutboxUntilOutcome) => Some(Habit::ForgetsWhatItSent),
            _ => None,
        };
        device.set_habit(habit);
        self.profiles += 1;
        self.phones.push(Phone {
            name: name.to_owned(),
            who: who.clone(),
            device,
            profile: self.profiles,
            age: 0,
            awaiting: None,
            answers: 0,
            is_asleep: false,
            is_old: false,
            is_stale: false,
            seen: None,
        });
    }

    /// Everything happens.
    pub(crate) async fn live(&mut self) -> Result<()> {
        let steps = self.dice.usize(STEPS);
        for _ in 0..steps {
            self.step().await?;
        }
        self.heal().await?;
        self.check_the_end().await
    }

    /// The town is given up.
    pub(crate) async fn end(self) {
        drop(self.phones);
        self.town.services().db.close().await;
    }

    async fn step(&mut self) -> Result<()> {
        let pause = match self.dice.u32(0..40) {
            0 => self.dice.i64(1..6 * 3_600_000),
            1..4 => self.dice.i64(1..60_000),
            _ => self.dice.i64(0..600),
        };
        self.town.pass(pause);
        self.time_out()?;
        match self.dice.u32(0..1_000) {
            0..250 => self.somebody_acts(),
            250..480 => self.somebody_talks(),
            480..690 => self.the_post_comes().await,
            690..880 => self.an_answer_comes(),
            880..960 => self.something_happens_to_a_phone(),
            _ => self.something_happens_to_the_server().await,
        }
    }

    /// A phone that is awake.
    pub(crate) fn any_phone(&mut self) -> Option<usize> {
        let awake: Vec<_> = (0..self.phones.len())
            .filter(|at| !self.phones[*at].is_asleep)
            .collect();
        self.choose(&awake).copied()
    }

    /// One of several.
    pub(crate) fn choose<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        self.dice.choice(of)
    }

    /// Happens once in so many times.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.dice.u32(0..times) == 0
    }

    /// There is room for another phone.
    pub(crate) fn has_room(&self) -> bool {
        self.phones.len() < MOST_PHONES
    }

    /// Other tabs of this browser hear, some time, that something was stored.
    pub(crate) fn has_stored(&mut self, phone: usize) {
        let profile = self.phones[phone].profile;
        for (at, other) in self.phones.iter_mut().enumerate() {
            other.is_stale |= at != phone && other.profile == profile;
        }
    }

    /// A tab takes over what another has stored, if it has heard of it.
    pub(crate) fn hear_tabs(&mut self, phone: usize) {
        if self.phones[phone].is_stale {
            self.phones[phone].is_stale = false;
            self.phones[phone].device.catch_up();
            self.has_stored(phone);
            self.tell(format!(
                "{} takes over what another tab stored",
                self.phones[phone].name
            ));
        }
    }

    /// A line of the story.
    pub(crate) fn tell(&mut self, line: impl AsRef<str>) {
        let line = format!("{}  {}", shown(self.town.now()), line.as_ref());
        self.story.borrow_mut().push(line);
    }
}

fn shown(time: Time) -> String {
    let second = time.millis().div_euclid(1_000).rem_euclid(60);
    let milli = time.millis().rem_euclid(1_000);
    format!("{} {}:{second:02}.{milli:03}", time.day(), time.clock())
}
