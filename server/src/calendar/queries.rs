//! SQL of calendar feeds.

use anyhow::Result;
use domain::{id::MemberId, member::Language, time::Time};

use crate::{actor::Signed, db::Conn};

/// Whose feed it is.
pub(super) struct Owner {
    pub(super) id: MemberId,
    pub(super) language: Language,
}

/// The owner of the feed with this hash, while they have a place here.
pub(super) async fn owner(db: &mut Conn, hash: &str) -> Result<Option<Owner>> {
    let row: Option<(String, String)> = sqlx::query_as(
        "select m.id, m.language from calendar_feeds f join members m on m.id = f.member_id where f.token_hash = $1 and m.left_at is null",
    )
    .bind(hash)
    .fetch_optional(db)
    .await?;
    row.map(|(id, language)| {
        Ok(Owner {
            id: id.parse()?,
            language: Language::from_code(&language).unwrap_or_default(),
        })
    })
    .transpose()
}

/// When the member's feed was made.
pub(super) async fn created(db: &mut Conn, signed: Signed) -> Result<Option<Time>> {
    let row: Option<(i64,)> =
        sqlx::query_as("select created_at from calendar_feeds where member_id = $1")
            .bind(signed.id.to_string())
            .fetch_optional(db)
            .await?;
    Ok(row.map(|it| Time::from_millis(it.0)))
}

/// Makes the member's feed, or gives it another address.
pub(super) async fn put(db: &mut Conn, signed: Signed, hash: &str, now: Time) -> Result<()> {
    sqlx::query(
        "insert into calendar_feeds (member_id, token_hash, created_at) values ($1, $2, $3) \
         on conflict (member_id) do update set token_hash = excluded.token_hash, created_at = excluded.created_at",
    )
    .bind(signed.id.to_string())
    .bind(hash)
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Takes the member's feed away.
pub(super) async fn remove(db: &mut Conn, signed: Signed) -> Result<()> {
    sqlx::query("delete from calendar_feeds where member_id = $1")
        .bind(signed.id.to_string())
        .execute(db)
        .await?;
    Ok(())
}
