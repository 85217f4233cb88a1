//! SQL of promises.

use anyhow::Result;
use domain::{
    id::{MemberId, PromiseId},
    promise::{Kept, Promise},
    text::{Name, Short, TextFault},
    time::{Day, Time},
};
use sqlx::{Row as _, any::AnyRow};

use crate::{
    actor::{Host, Signed},
    booking::queries::BookingRow,
    db::Conn,
};

/// Makes a promise; false when the id is there already.
pub(super) async fn make(
    db: &mut Conn,
    host: Host,
    booking: &BookingRow,
    id: PromiseId,
    text: &Short,
    due: Day,
    now: Time,
) -> Result<bool> {
    let done = sqlx::query(
        "insert into promises (id, member_id, by_id, booking_id, text, due, made_at) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (id) do nothing",
    )
    .bind(id.to_string())
    .bind(booking.member.to_string())
    .bind(host.id().to_string())
    .bind(booking.id.to_string())
    .bind(&**text)
    .bind(i64::from(due.number()))
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A promise, for publishing it.
pub(super) async fn promise(db: &mut Conn, id: PromiseId) -> Result<Option<Promise>> {
    let row = sqlx::query(
        "select p.id, p.member_id, m.name, p.by_id, b.name, p.booking_id, p.text, p.due, p.kept_at, p.kept_by from promises p \
         join members m on m.id = p.member_id join members b on b.id = p.by_id where p.id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(from_row).transpose()
}

/// A promise, through whoever may say that it is kept: who made it, or HR.
pub(super) async fn promise_to_keep(
    db: &mut Conn,
    signed: Signed,
    id: PromiseId,
) -> Result<Option<Promise>> {
    Ok(promise(db, id)
        .await?
        .filter(|it| it.by == signed.id || signed.role.is_hr()))
}

fn from_row(row: &AnyRow) -> Result<Promise> {
    let text = |at: usize| row.try_get::<String, _>(at);
    let stored = |fault: TextFault| anyhow::anyhow!("a stored text is {fault}");
    let kept = match (
        row.try_get::<Option<i64>, _>(8)?,
        row.try_get::<Option<String>, _>(9)?,
    ) {
        (Some(at), Some(by)) => Some(Kept {
            by: by.parse()?,
            at: Time::from_millis(at),
        }),
        _ => None,
    };
    Ok(Promise {
        id: text(0)?.parse()?,
        member: text(1)?.parse()?,
        member_name: Name::new(&text(2)?).map_err(stored)?,
        by: text(3)?.parse()?,
        by_name: Name::new(&text(4)?).map_err(stored)?,
        booking: text(5)?.parse()?,
        text: Short::new(&text(6)?).map_err(stored)?,
        due: Day::from_number(i32::try_from(row.try_get::<i64, _>(7)?)?),
        kept,
    })
}

/// Marks a promise as kept.
pub(super) async fn keep(db: &mut Conn, id: PromiseId, by: MemberId, now: Time) -> Result<()> {
    sqlx::query("update promises set kept_at = $2, kept_by = $3 where id = $1 and kept_at is null")
        .bind(id.to_string())
        .bind(now.millis())
        .bind(by.to_string())
        .execute(db)
        .await?;
    Ok(())
}
