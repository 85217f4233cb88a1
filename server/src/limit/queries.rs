//! SQL of the attempts.

use domain::time::Time;

use crate::db::Conn;

/// From here to the end of the transaction nobody else counts: of two that count at once, both would find room for one.
pub(super) async fn one_at_a_time(conn: &mut Conn) -> sqlx::Result<()> {
    sqlx::query("update company set value = value where key = 'secret'")
        .execute(conn)
        .await?;
    Ok(())
}

/// How many attempts there were after a moment, and the first of them.
pub(super) async fn attempts_since(
    conn: &mut Conn,
    key: &str,
    after: Time,
) -> sqlx::Result<(i64, Option<Time>)> {
    let (count, first): (i64, Option<i64>) =
        sqlx::query_as("select count(*), min(at) from attempts where key = $1 and at > $2")
            .bind(key)
            .bind(after.millis())
            .fetch_one(conn)
            .await?;
    Ok((count, first.map(Time::from_millis)))
}

pub(super) async fn attempt(conn: &mut Conn, key: &str, now: Time) -> sqlx::Result<()> {
    sqlx::query("insert into attempts (key, at) values ($1, $2)")
        .bind(key)
        .bind(now.millis())
        .execute(conn)
        .await?;
    Ok(())
}
