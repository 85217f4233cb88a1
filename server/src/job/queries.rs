//! SQL of jobs.

use anyhow::Result;
use domain::{id::JobId, time::Time};

use crate::db::{Conn, many};

/// Attempts after which a job stays as it is.
pub(super) const MOST_ATTEMPTS: i64 = 8;

/// A job on its way into the table.
pub(crate) struct NewJob {
    pub(super) id: JobId,
    pub(super) key: String,
    pub(super) kind: &'static str,
    pub(super) body: String,
    pub(super) due: Time,
}

/// A job that this process has taken.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Taken {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) body: String,
    pub(super) attempts: i64,
    pub(super) due_at: i64,
}

/// How the jobs of all processes stand.
pub(crate) struct Standing {
    /// Due and not done.
    pub(crate) due: i64,
    /// Failed for good.
    pub(crate) given_up: i64,
    /// Since when the oldest one is due.
    pub(crate) oldest: Option<Time>,
}

/// Adds jobs; those whose key is there are left as they are.
pub(crate) async fn add(db: &mut Conn, jobs: &[NewJob]) -> Result<()> {
    many::write(
        db,
        "insert into jobs (id, key, kind, body, due_at)",
        5,
        "on conflict (key) do nothing",
        jobs,
        |query, job| {
            query
                .bind(job.id.to_string())
                .bind(job.key.as_str())
                .bind(job.kind)
                .bind(job.body.as_str())
                .bind(job.due.millis())
        },
    )
    .await?;
    Ok(())
}

/// Is anything due? Asked of the readers, so that an idle server takes no write lock.
pub(super) async fn is_any_due(db: &mut Conn, now: Time, with_mail: bool) -> Result<bool> {
    let found: Option<(String,)> = sqlx::query_as(
        "select id from jobs where done_at is null and attempts < $1 and due_at <= $2 \
         and (leased_until is null or leased_until < $2) and ($3 = 1 or kind in ('purge', 'turn_of_day', 'offers_end')) limit 1",
    )
    .bind(MOST_ATTEMPTS)
    .bind(now.millis())
    .bind(i64::from(with_mail))
    .fetch_optional(db)
    .await?;
    Ok(found.is_some())
}

/// When the next one is due, or free again.
pub(super) async fn next_due(db: &mut Conn) -> Result<Option<Time>> {
    let (due,): (Option<i64>,) = sqlx::query_as(
        "select min(case when leased_until > due_at then leased_until else due_at end) from jobs \
         where done_at is null and attempts < $1",
    )
    .bind(MOST_ATTEMPTS)
    .fetch_one(db)
    .await?;
    Ok(due.map(Time::from_millis))
}

/// How they stand.
pub(super) async fn standing(db: &mut Conn, now: Time) -> Result<Standing> {
    let (due, given_up, oldest): (i64, i64, Option<i64>) = sqlx::query_as(
        "select count(case when attempts < $1 and due_at <= $2 then 1 end), count(case when attempts >= $1 then 1 end), \
         min(case when attempts < $1 and due_at <= $2 then due_at end) from jobs where done_at is null",
    )
    .bind(MOST_ATTEMPTS)
    .bind(now.millis())
    .fetch_one(db)
    .await?;
    Ok(Standing {
        due,
        given_up,
        oldest: oldest.map(Time::from_millis),
    })
}

/// Takes up to `most` due jobs until `until`. The condition stands twice: of two processes that chose the same rows,
/// the second looks again after it has waited for the first. Without a mail server only housekeeping is taken.
pub(super) async fn take(
    db: &mut Conn,
    most: i64,
    now: Time,
    until: Time,
    with_mail: bool,
) -> Result<Vec<Taken>> {
    let mut taken: Vec<Taken> = sqlx::query_as(
        "update jobs set leased_until = $1 \
         where id in (select id from jobs where done_at is null and attempts < $2 and due_at <= $3 \
                      and (leased_until is null or leased_until < $3) and ($5 = 1 or kind in ('purge', 'turn_of_day', 'offers_end')) \
                      order by due_at limit $4) \
         and (leased_until is null or leased_until < $3) and done_at is null \
         returning id, kind, body, attempts, due_at",
    )
    .bind(until.millis())
    .bind(MOST_ATTEMPTS)
    .bind(now.millis())
    .bind(most)
    .bind(i64::from(with_mail))
    .fetch_all(db)
    .await?;
    taken.sort_by_key(|it| it.due_at);
    Ok(taken)
}

/// A job is done; what it carried is forgotten with it.
pub(super) async fn finish(db: &mut Conn, id: &str, now: Time) -> Result<()> {
    sqlx::query("update jobs set done_at = $1, leased_until = null, last_error = null, body = '' where id = $2")
        .bind(now.millis())
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// A job waits for a better hour; that is no failed attempt.
pub(super) async fn put_off(db: &mut Conn, id: &str, due: Time) -> Result<()> {
    sqlx::query("update jobs set due_at = $1, leased_until = null where id = $2")
        .bind(due.millis())
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// An attempt failed. A job that will not be tried again loses its secrets, when it has any.
pub(super) async fn fail(
    db: &mut Conn,
    id: &str,
    attempts: i64,
    due: Time,
    error: &str,
    forget: bool,
) -> Result<()> {
    sqlx::query(
        "update jobs set attempts = $1, due_at = $2, leased_until = null, last_error = $3, \
         body = case when $4 = 1 then '' else body end where id = $5",
    )
    .bind(attempts)
    .bind(due.millis())
    .bind(error)
    .bind(i64::from(forget))
    .bind(id)
    .execute(db)
    .await?;
    Ok(())
}

/// Is there a job with this key, done or not?
pub(super) async fn is_known(db: &mut Conn, key: &str) -> Result<bool> {
    let found: Option<(String,)> = sqlx::query_as("select id from jobs where key = $1")
        .bind(key)
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

/// Takes away what has served its time: done jobs, counted attempts, recorded answers.
pub(super) async fn purge(db: &mut Conn, now: Time) -> Result<()> {
    const DAYS: i64 = domain::time::DAY;
    for (sql, age) in [
        ("delete from jobs where done_at < $1", 60 * DAYS),
        ("delete from attempts where at < $1", DAYS),
        ("delete from applied where at < $1", 400 * DAYS),
    ] {
        sqlx::query(sql)
            .bind(now.plus(-age).millis())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// The newest tombstone of each audience that is older than `before`.
pub(super) async fn newest_tombstones(db: &mut Conn, before: Time) -> Result<Vec<(String, i64)>> {
    Ok(sqlx::query_as(
        "select audience, max(seq) from feed where body is null and at < $1 group by audience",
    )
    .bind(before.millis())
    .fetch_all(db)
    .await?)
}

/// Takes away the tombstones of an audience up to its floor.
pub(super) async fn remove_tombstones(db: &mut Conn, audience: &str, floor: i64) -> Result<()> {
    sqlx::query("delete from feed where audience = $1 and seq <= $2 and body is null")
        .bind(audience)
        .bind(floor)
        .execute(db)
        .await?;
    Ok(())
}
