//! What happens to phones and to the server.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use domain::{
    id::MemberId,
    sync::machine::News,
    time::{DAY, HOUR, Time},
};
use tests::device::Death;

use crate::{broken::Rule, world::World};

/// A backup is of no use when phones have forgotten what came after it.
const BACKUP_LASTS: i64 = 25 * DAY;
/// A year on a clock that is wrong by some.
const YEAR: i64 = 365 * DAY;

/// A copy of the database, and what hosts had said by then.
pub(crate) struct Backup {
    database: String,
    made: Time,
    pub(crate) said: BTreeMap<MemberId, Vec<String>>,
}

impl World {
    pub(crate) fn something_happens_to_a_phone(&mut self) -> Result<()> {
        if self.once_in(6) {
            return self.somebody_wakes();
        }
        let Some(at) = self.any_phone() else {
            return Ok(());
        };
        let name = self.phones[at].name.clone();
        match self.dice.u32(0..24) {
            0..9 => {
                let death = if self.once_in(2) {
                    Death::Before
                } else {
                    Death::After
                };
                let others = self.dice.usize(0..3);
                self.phones[at].device.die_after(others, death);
                self.tell(format!(
                    "{name} will die {death:?} its transaction after {others} others"
                ));
            }
            9..13 => self.reopen(at),
            13..15 => self.clock_jumps(at),
            15..17 if self.has_room() => self.is_copied(at),
            17 => self.is_thrown_away(at),
            18..20 => {
                self.phones[at].is_asleep = true;
                self.tell(format!("{name} falls asleep"));
            }
            20..22 => self.build_changes(at),
            _ if self.phones[at].who.key == "sato" => self.wants_people(at),
            _ => {
                self.phones[at].device.hear(News::Kick);
                self.tell(format!("{name} is poked"));
            }
        }
        self.check_phone(at)
    }

    fn somebody_wakes(&mut self) -> Result<()> {
        let asleep: Vec<_> = (0..self.phones.len())
            .filter(|at| self.phones[*at].is_asleep)
            .collect();
        if let Some(at) = self.choose(&asleep).copied() {
            self.phones[at].is_asleep = false;
            self.tell(format!("{} wakes", self.phones[at].name));
        }
        Ok(())
    }

    fn reopen(&mut self, at: usize) {
        self.phones[at].device.reopen();
        self.phones[at].is_stale = false;
        self.has_stored(at);
        self.tell(format!("{} is closed and opened", self.phones[at].name));
    }

    /// By years, or right again.
    fn clock_jumps(&mut self, at: usize) {
        let years = if self.once_in(3) {
            0
        } else {
            self.dice.i64(-10..11)
        };
        let profile = self.phones[at].profile;
        for phone in self.phones.iter().filter(|it| it.profile == profile) {
            phone.device.set_clock_wrong(years * YEAR);
        }
        self.tell(format!(
            "{}'s clock is wrong by {years} years",
            self.phones[at].name
        ));
    }

    fn is_copied(&mut self, at: usize) {
        let twin = self.phones[at].device.cloned();
        let (who, is_old) = (self.phones[at].who.clone(), self.phones[at].is_old);
        let name = format!("{}'s copy {}", self.phones[at].name, self.phones.len());
        self.tell(format!("{} is copied: {name}", self.phones[at].name));
        self.add(&name, &who, twin);
        if let Some(twin) = self.phones.last_mut() {
            twin.is_old = is_old;
        }
    }

    fn is_thrown_away(&mut self, at: usize) {
        let profile = self.phones[at].profile;
        self.ledger.thrown_away(profile);
        self.phones[at].device.evict();
        for phone in self.phones.iter_mut().filter(|it| it.profile == profile) {
            phone.device.reopen();
            phone.age += 1;
            phone.seen = None;
            phone.is_stale = false;
        }
        self.tell(format!(
            "{}'s browser throws everything away",
            self.phones[at].name
        ));
    }

    /// An old build from a drawer, or its update.
    fn build_changes(&mut self, at: usize) {
        if self.phones[at].is_old {
            self.phones[at].is_old = false;
            self.reopen(at);
            self.tell(format!("{} is updated", self.phones[at].name));
        } else if self.once_in(2) {
            self.phones[at].is_old = true;
            self.tell(format!("{} is of an old build", self.phones[at].name));
        }
    }

    fn wants_people(&mut self, at: usize) {
        let device = &self.phones[at].device;
        device.wants("people");
        self.tell(format!("{} wants the list of people", self.phones[at].name));
    }

    pub(crate) async fn something_happens_to_the_server(&mut self) -> Result<()> {
        match self.dice.u32(0..20) {
            0..4 => {
                self.town.restart().await;
                self.tell("the server starts anew");
            }
            4..8 => {
                let (said, made) = (self.ledger.said(), self.town.now());
                let database = self.town.backup().await;
                self.backup = Some(Backup {
                    database,
                    made,
                    said,
                });
                self.tell("a backup is made");
            }
            8..11 => self.restore().await?,
            11..14 => self.a_role_changes().await?,
            14 => self.an_import_is_undone().await?,
            15..17 => {
                let tomorrow = self.town.now().day().plus(1).start() + 3 * HOUR;
                self.town.move_to(tomorrow);
                self.town.run_jobs().await;
                self.tell("a day goes by");
            }
            _ => self.two_months_pass().await?,
        }
        self.time_out()
    }

    async fn restore(&mut self) -> Result<()> {
        let now = self.town.now();
        let is_of_use = self
            .backup
            .as_ref()
            .is_some_and(|it| now.since(it.made) < BACKUP_LASTS);
        let Some(backup) = self.backup.take().filter(|_| is_of_use) else {
            return Ok(());
        };
        self.town.restore(&backup.database).await;
        self.tell("the server goes on with the backup");
        self.backup = Some(backup);
        self.know_everything_decided().await?;
        // It is the database now.
        self.backup = None;
        Ok(())
    }

    /// Somebody gets another role, or their own one back: they leave audiences and enter others.
    async fn a_role_changes(&mut self) -> Result<()> {
        let (key, roles) = *self
            .choose(&[
                ("sato", ["人事", "メンター"]),
                ("mio", ["メンター", "人事"]),
                ("sora", ["内定者", "メンター"]),
            ])
            .context("one of three")?;
        let role = *self.choose(&roles).context("one of two")?;
        let person = self
            .phones
            .iter()
            .find(|it| it.who.key == key)
            .context("somebody with a phone")?;
        let csv = format!(
            "氏名,メール,役割\n{},{key}@example.jp,{role}\n",
            person.who.name
        );
        self.town.import(&csv).await;
        self.tell(format!("{key} is {role} now"));
        Ok(())
    }

    /// The latest import is taken back: a role is what it was, or somebody leaves.
    async fn an_import_is_undone(&mut self) -> Result<()> {
        let imports: Vec<(String,)> = {
            let mut tx = self.town.read().await;
            sqlx::query_as(
                "select id from imports where undone_at is null order by at desc, id desc",
            )
            .fetch_all(&mut *tx)
            .await?
        };
        // The first of all brought the cast.
        let [latest, _, ..] = &imports[..] else {
            return Ok(());
        };
        let browser = self.town.browser_of("kawai");
        let reply = browser
            .post("/staff/people/import/undo", &[("import", &latest.0)])
            .await;
        self.tell(format!("the latest import is taken back: {}", reply.status));
        Ok(())
    }

    /// Tombstones go. Who slept all the time does not know what went with them.
    async fn two_months_pass(&mut self) -> Result<()> {
        let is_anybody_asleep = self.phones.iter().any(|it| it.is_asleep);
        if self.is_late || !is_anybody_asleep {
            return Ok(());
        }
        self.is_late = true;
        for days in [46, 1, 13] {
            self.town.pass(days * DAY);
            self.town.run_jobs().await;
        }
        if self.broken.rule() == Some(Rule::Floor) {
            self.forget_floors().await?;
        }
        self.tell("two months go by");
        Ok(())
    }

    async fn forget_floors(&self) -> Result<()> {
        let pool = self.town.look().await;
        sqlx::query("delete from company where key like 'floor:%'")
            .execute(&pool)
            .await?;
        pool.close().await;
        self.town.restart().await;
        Ok(())
    }
}
