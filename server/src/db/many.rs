//! Many rows to a statement: every statement is a trip to the engine's thread or process and back.
//!
//! The texts are made of constants of ours and of numbered places; what people wrote is always bound. Rows go in groups
//! of a power of two, so that the engines prepare a handful of texts per table and not one for each number of rows.

use std::fmt::Write as _;

use sqlx::{Any, AssertSqlSafe, FromRow, any::AnyArguments, any::AnyRow, query::QueryAs};

use super::Conn;

/// A statement on its way, for binding.
pub(crate) type Query = sqlx::query::Query<'static, Any, AnyArguments>;

/// Places of one statement at most.
const PLACES: usize = 1_024;

/// Writes rows: `insert` up to its column list, `rest` from `on conflict` on. `bind` binds one row's `columns` values.
/// Gives how many were written.
pub(crate) async fn write<T>(
    db: &mut Conn,
    insert: &'static str,
    columns: usize,
    rest: &'static str,
    mut rows: &[T],
    bind: impl Fn(Query, &T) -> Query,
) -> sqlx::Result<usize> {
    let mut written = 0;
    let sign = Sign::of(db);
    while !rows.is_empty() {
        let count = 1 << rows.len().min(PLACES / columns).ilog2();
        let (now, later) = rows.split_at(count);
        let sql = format!("{insert} values {} {rest}", places(sign, count, columns));
        let query = now.iter().fold(sqlx::query(AssertSqlSafe(sql)), &bind);
        written += query.execute(&mut *db).await?.rows_affected();
        rows = later;
    }
    Ok(usize::try_from(written).unwrap_or(usize::MAX))
}

/// Reads what belongs to any of the keys: `select` up to and with `in` or `as`, `rest` after the list. A key is one or more
/// values, which `bind` binds.
pub(crate) async fn read<K, R>(
    db: &mut Conn,
    select: &'static str,
    columns: usize,
    rest: &'static str,
    keys: &[K],
    bind: impl Fn(QueryAs<'static, Any, R, AnyArguments>, &K) -> QueryAs<'static, Any, R, AnyArguments>,
) -> sqlx::Result<Vec<R>>
where
    R: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let mut found = Vec::new();
    let sign = Sign::of(db);
    for keys in keys.chunks(1 << (PLACES / columns).ilog2()) {
        let count = keys.len().next_power_of_two();
        let values = if columns == 1 { "" } else { "values " };
        let sql = format!("{select} ({values}{}) {rest}", places(sign, count, columns));
        // The last key fills the places that are left.
        let last = keys.last().into_iter().cycle();
        let query = keys
            .iter()
            .chain(last)
            .take(count)
            .fold(sqlx::query_as(AssertSqlSafe(sql)), &bind);
        found.extend(query.fetch_all(&mut *db).await?);
    }
    Ok(found)
}

/// Changes what belongs to any of the keys: `update` up to and with `in` or `as`, `rest` after the list.
pub(crate) async fn change<K>(
    db: &mut Conn,
    update: &'static str,
    columns: usize,
    rest: &'static str,
    keys: &[K],
    bind: impl Fn(Query, &K) -> Query,
) -> sqlx::Result<()> {
    let sign = Sign::of(db);
    for keys in keys.chunks(1 << (PLACES / columns).ilog2()) {
        let count = keys.len().next_power_of_two();
        let values = if columns == 1 { "" } else { "values " };
        let sql = format!("{update} ({values}{}) {rest}", places(sign, count, columns));
        let last = keys.last().into_iter().cycle();
        let places = keys.iter().chain(last).take(count);
        let query = places.fold(sqlx::query(AssertSqlSafe(sql)), &bind);
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// How places are written. SQLite looks the name of a place up from the first one on, so that twice the places take four
/// times as long; those without a name are just counted. PostgreSQL knows only names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Nameless,
    Numbered,
}

impl Sign {
    fn of(db: &Conn) -> Self {
        if db.backend_name() == <sqlx::Sqlite as sqlx::Database>::NAME {
            Self::Nameless
        } else {
            Self::Numbered
        }
    }
}

/// `($1, $2), ($3, $4), …` or `(?, ?), (?, ?), …`
fn places(sign: Sign, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 7);
    for at in 0..rows * columns {
        text.push_str(match at {
            0 => "(",
            at if at % columns == 0 => "), (",
            _ => ", ",
        });
        match sign {
            Sign::Nameless => text.push('?'),
            Sign::Numbered => {
                let _ = write!(text, "${}", at + 1);
            }
        }
    }
    text.push(')');
    text
}
