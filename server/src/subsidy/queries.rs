//! SQL of requests. What is a person's own is loaded by callers through their actor.

use anyhow::Result;
use domain::{
    id::{MemberId, SubsidyId},
    subsidy::{Decision, Fee, Subsidy},
    text::{Long, Name, Short},
    time::{Day, Time},
};
use sqlx::{FromRow, Row as _, any::AnyRow};

use crate::{
    actor::{Hr, OfferHolder},
    db::Conn,
    event::queries::decode,
};

/// A request as stored.
pub(super) struct SubsidyRow {
    pub(super) id: SubsidyId,
    pub(super) holder: MemberId,
    pub(super) holder_name: Option<Name>,
    pub(super) subsidy: Subsidy,
    pub(super) is_withdrawn: bool,
}

impl FromRow<'_, AnyRow> for SubsidyRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<String, _>(at);
        let number = |at: usize| row.try_get::<i64, _>(at);
        let word = row.try_get::<Option<String>, _>(9)?;
        let paid = i32::try_from(number(6)?).map_err(decode)?;
        Ok(Self {
            id: text(0)?.parse().map_err(decode)?,
            holder: text(1)?.parse().map_err(decode)?,
            holder_name: Name::optional(&text(2)?).map_err(decode)?,
            subsidy: Subsidy {
                fee: Fee {
                    course: text(3)?.parse().map_err(decode)?,
                    purpose: Short::new(&text(4)?).map_err(decode)?,
                    yen: u32::try_from(number(5)?).map_err(decode)?,
                    paid: Day::from_number(paid),
                },
                asked: Time::from_millis(number(7)?),
                decision: decision_of(&text(8)?),
                word: word.map(|it| Long::new(&it)).transpose().map_err(decode)?,
                has_receipt: row.try_get::<Option<String>, _>(10)?.is_some(),
            },
            is_withdrawn: row.try_get::<Option<i64>, _>(11)?.is_some(),
        })
    }
}

/// As it stands in the table.
fn code_of(it: Decision) -> &'static str {
    match it {
        Decision::Open => "open",
        Decision::AskedBack => "asked_back",
        Decision::Approved => "approved",
        Decision::Declined => "declined",
    }
}

fn decision_of(code: &str) -> Decision {
    match code {
        "asked_back" => Decision::AskedBack,
        "approved" => Decision::Approved,
        "declined" => Decision::Declined,
        _ => Decision::Open,
    }
}

macro_rules! subsidies {
    ($rest:literal) => {
        concat!(
            "select s.id, s.holder_id, m.name, s.course_id, s.purpose, s.yen, s.paid_day, s.asked_at, s.decision, s.word, \
             r.subsidy_id, s.withdrawn_at \
             from subsidies s join members m on m.id = s.holder_id left join receipts r on r.subsidy_id = s.id where ",
            $rest
        )
    };
}

/// One request, also when it was taken back.
pub(super) async fn subsidy(db: &mut Conn, id: SubsidyId) -> Result<Option<SubsidyRow>> {
    Ok(sqlx::query_as(subsidies!("s.id = $1"))
        .bind(id.to_string())
        .fetch_optional(db)
        .await?)
}

/// What somebody asks for and has not taken back.
pub(super) async fn of_holder(db: &mut Conn, holder: MemberId) -> Result<Vec<SubsidyRow>> {
    Ok(sqlx::query_as(subsidies!(
        "s.holder_id = $1 and s.withdrawn_at is null order by s.id"
    ))
    .bind(holder.to_string())
    .fetch_all(db)
    .await?)
}

/// Everything that nobody has taken back, the oldest first.
pub(super) async fn all(db: &mut Conn) -> Result<Vec<SubsidyRow>> {
    Ok(sqlx::query_as(subsidies!(
        "s.withdrawn_at is null order by s.asked_at, s.id"
    ))
    .fetch_all(db)
    .await?)
}

/// How many wait for an answer.
pub(super) async fn open(db: &mut Conn) -> Result<i64> {
    let count = "select count(*) from subsidies where decision = 'open' and withdrawn_at is null";
    Ok(sqlx::query_scalar(count).fetch_one(db).await?)
}

/// Puts a request; written anew, it is open again.
pub(super) async fn put(
    db: &mut Conn,
    holder: OfferHolder,
    id: SubsidyId,
    it: &Subsidy,
) -> Result<()> {
    sqlx::query(
        "insert into subsidies (id, holder_id, course_id, purpose, yen, paid_day, asked_at) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (id) do update set purpose = excluded.purpose, yen = excluded.yen, paid_day = excluded.paid_day, \
         asked_at = excluded.asked_at, decision = 'open', word = null, decided_at = null, decided_by = null",
    )
    .bind(id.to_string())
    .bind(holder.id().to_string())
    .bind(it.fee.course.to_string())
    .bind(&*it.fee.purpose)
    .bind(i64::from(it.fee.yen))
    .bind(i64::from(it.fee.paid.number()))
    .bind(it.asked.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what HR says, unless the request was written anew since `asked`; false then.
pub(super) async fn decide(
    db: &mut Conn,
    (id, asked): (SubsidyId, Time),
    by: Hr,
    (decision, word): (Decision, Option<&Long>),
    now: Time,
) -> Result<bool> {
    let done = sqlx::query(
        "update subsidies set decision = $3, word = $4, decided_at = $5, decided_by = $6 \
         where id = $1 and asked_at = $2 and withdrawn_at is null and decision = 'open'",
    )
    .bind(id.to_string())
    .bind(asked.millis())
    .bind(code_of(decision))
    .bind(word.map(|it| &**it))
    .bind(now.millis())
    .bind(by.id().to_string())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets what was asked for, and its photo.
pub(super) async fn withdraw(db: &mut Conn, id: SubsidyId, now: Time) -> Result<()> {
    sqlx::query("delete from receipts where subsidy_id = $1")
        .bind(id.to_string())
        .execute(&mut *db)
        .await?;
    sqlx::query("update subsidies set purpose = '-', yen = 1, withdrawn_at = $2 where id = $1")
        .bind(id.to_string())
        .bind(now.millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps the photo of a receipt, in place of an earlier one.
pub(super) async fn put_receipt(
    db: &mut Conn,
    id: SubsidyId,
    data: &[u8],
    now: Time,
) -> Result<()> {
    sqlx::query(
        "insert into receipts (subsidy_id, data, added_at) values ($1, $2, $3) \
         on conflict (subsidy_id) do update set data = excluded.data, added_at = excluded.added_at",
    )
    .bind(id.to_string())
    .bind(data)
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// The photo of a receipt.
pub(super) async fn receipt(db: &mut Conn, id: SubsidyId) -> Result<Option<Vec<u8>>> {
    Ok(
        sqlx::query_scalar("select data from receipts where subsidy_id = $1")
            .bind(id.to_string())
            .fetch_optional(db)
            .await?,
    )
}
