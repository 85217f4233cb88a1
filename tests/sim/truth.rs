//! What the server knows at a moment, read past everything that is tested: its tables.

use std::{collections::HashMap, rc::Rc};

use anyhow::{Context, Result, ensure};
use domain::{
    id::{DeviceId, MemberId},
    member::Role,
    sync::{row::KINDS, wire::RowChange},
    visibility::audiences_of,
};
use server::db::Conn;

use crate::{ledger::Decided, world::World};

/// Somebody, as the table has them.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) role: Role,
    /// They have a place here, and their session goes on: whoever leaves and comes back signs in anew.
    pub(crate) is_here: bool,
    pub(crate) says: Option<String>,
}

/// What the server knows.
pub(crate) struct Truth {
    pub(crate) seq: i64,
    pub(crate) members: HashMap<MemberId, Member>,
    /// The last answered number of each device.
    pub(crate) last: HashMap<DeviceId, u64>,
    /// What was decided at this moment that the ledger does not know yet, each device's in the order of its numbers.
    pub(crate) decided: Vec<Decided>,
}

/// What somebody sees who stands at a cursor: noted when the cursor was handed out.
#[derive(Default)]
pub(crate) struct Truths(HashMap<(MemberId, String), Rc<Vec<RowChange>>>);

impl Truths {
    pub(crate) fn note(&mut self, member: MemberId, cursor: &str, rows: Vec<RowChange>) {
        self.0.insert((member, cursor.to_owned()), Rc::new(rows));
    }

    pub(crate) fn at(&self, member: MemberId, cursor: Option<&str>) -> Option<Rc<Vec<RowChange>>> {
        self.0.get(&(member, cursor?.to_owned())).cloned()
    }
}

/// What a cursor says: the life of the database, how far, of which audiences. Devices do not read it, the simulation does.
pub(crate) struct Read<'a> {
    pub(crate) history: &'a str,
    pub(crate) seq: i64,
    pub(crate) held: Vec<&'a str>,
    pub(crate) is_half: bool,
}

pub(crate) fn read(cursor: &str) -> Option<Read<'_>> {
    let parts: Vec<_> = cursor.split('.').collect();
    let (history, seq, held) = (parts.first()?, parts.get(1)?, parts.get(2)?);
    Some(Read {
        history,
        seq: seq.parse().ok()?,
        held: held.split('+').filter(|it| !it.is_empty()).collect(),
        is_half: parts.len() > 4,
    })
}

/// The audiences of a member by the names that devices know, those on demand only when wanted.
pub(crate) fn audiences(member: MemberId, role: Role, want: &[String]) -> Vec<String> {
    audiences_of(member, role)
        .into_iter()
        .filter(|it| !it.is_on_demand() || want.iter().any(|wanted| *wanted == it.to_string()))
        .map(|it| it.to_string())
        .collect()
}

impl World {
    /// Asks the tables.
    pub(crate) async fn ask_the_tables(&self) -> Result<Truth> {
        let mut tx = self.town.read().await;
        let (seq,): (String,) = sqlx::query_as("select value from company where key = 'seq'")
            .fetch_one(&mut *tx)
            .await?;
        let rows: Vec<(String, String, i64, Option<String>)> =
            sqlx::query_as(
                "select m.id, m.role, (select count(*) from sessions s where s.member_id = m.id and s.ended_at is null \
                 and m.left_at is null), m.talks_about from members m",
            )
                .fetch_all(&mut *tx)
                .await?;
        let mut members = HashMap::new();
        for (id, role, sessions, says) in rows {
            let member = Member {
                role: Role::from_code(&role).context("a role")?,
                is_here: sessions > 0,
                says,
            };
            members.insert(id.parse()?, member);
        }
        let decided = decided_since(&mut tx, self.town.now().millis()).await?;
        let new = decided.into_iter().filter(|it| self.ledger.is_new(it));
        let mut decided: Vec<_> = new.map(|it| self.broken.by_its_true_name(it)).collect();
        decided.sort_by_key(|it| (it.device, it.n));
        Ok(Truth {
            seq: seq.parse()?,
            members,
            last: last_numbers(&mut tx).await?,
            decided,
        })
    }

    /// What the person with a phone may see now, in the order in which phones keep it.
    pub(crate) async fn projection(
        &self,
        phone: usize,
        role: Role,
        want: &[String],
    ) -> Result<Vec<RowChange>> {
        let member = self.phones[phone].who.member;
        let wanted = |name: &str| want.iter().any(|it| it == name);
        let audiences: Vec<_> = audiences_of(member, role)
            .into_iter()
            .filter(|it| !it.is_on_demand() || wanted(&it.to_string()))
            .collect();
        let mut tx = self.town.read().await;
        let mut rows = server::sync::rows_for(&mut tx, &audiences, KINDS).await?;
        rows.retain(|it| !self.broken.is_late(it.2, phone));
        rows.sort_by(|a, b| (&a.3, &a.0, &a.1).cmp(&(&b.3, &b.0, &b.1)));
        Ok(rows)
    }

    /// Everything that was decided so far, for a seed that begins or a server that was restored.
    pub(crate) async fn know_everything_decided(&mut self) -> Result<()> {
        let mut tx = self.town.read().await;
        let decided = decided_since(&mut tx, 0).await?;
        let last = last_numbers(&mut tx).await?;
        drop(tx);
        let said = self
            .backup
            .as_ref()
            .map(|it| it.said.clone())
            .unwrap_or_default();
        let decided = decided
            .into_iter()
            .map(|it| self.broken.by_its_true_name(it))
            .collect();
        self.ledger.restored(decided, said, self.town.now());
        self.ledger.set_last(last);
        Ok(())
    }

    /// Is there such a booking, live or not?
    pub(crate) async fn is_booked(&self, booking: impl ToString) -> Result<bool> {
        let mut tx = self.town.read().await;
        let row: Option<(String,)> = sqlx::query_as("select id from bookings where id = $1")
            .bind(booking.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        Ok(row.is_some())
    }
}

async fn decided_since(db: &mut Conn, at: i64) -> Result<Vec<Decided>> {
    let rows: Vec<(String, String, String, i64, Option<String>)> = sqlx::query_as(
        "select member_id, mutation_id, device_id, n, refusal from applied where at >= $1",
    )
    .bind(at)
    .fetch_all(db)
    .await?;
    let decided =
        |(member, id, device, n, refusal): (String, String, String, i64, Option<String>)| {
            ensure!(n > 0, "3 contiguous numbers: number {n} was answered");
            Ok(Decided {
                member: member.parse()?,
                row: id.parse()?,
                id: id.parse()?,
                device: device.parse()?,
                n: u64::try_from(n)?,
                refusal,
            })
        };
    rows.into_iter().map(decided).collect()
}

async fn last_numbers(db: &mut Conn) -> Result<HashMap<DeviceId, u64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as("select id, last_n from devices")
        .fetch_all(db)
        .await?;
    let mut last = HashMap::new();
    for (id, n) in rows {
        last.insert(id.parse()?, u64::try_from(n)?);
    }
    Ok(last)
}
