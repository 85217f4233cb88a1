//! Many rows to a statement: every statement is a trip to the engine's thread or process and back.
//!
//! The texts are made of constants of ours and of numbered places; what people wrote is always bound. Rows go in groups
//! of a power of two, so that the engines prepare a handful of texts per table and not one for each number of rows.

use sqlx::{Any, AssertSqlSafe, FromRow, any::AnyArguments, any::AnyRow, query::QueryAs};

use super::Conn;

/// A statement on its way, for binding.
pub(crate) type Query = sqlx::query::Query<'static, Any, AnyArguments>;

/// Places of one statement at most. SQLite looks the name of every place up from the first one on: twice the places take
/// four times as long.
const PLACES: usize = 256;

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
    while !rows.is_empty() {
        let count = 1 << rows.len().min(PLACES / columns).ilog2();
        let (now, later) = rows.split_at(count);
        let sql = format!("{insert} values {} {rest}", places(count, columns));
        let query = now.iter().fold(sqlx::query(AssertSqlSafe(sql)), &bind);
        written += query.execute(&mut *db).await?.rows_affected();
        rows = later;
    }
    Ok(usize::try_from(written).unwrap_or(usize::MAX))
}

/// Reads what belongs to any of the keys: `select` up to and with `in`. A key is one or more values, which `bind` binds.
pub(crate) async fn read<K, R>(
    db: &mut Conn,
    select: &'static str,
    columns: usize,
    keys: &[K],
    bind: impl Fn(QueryAs<'static, Any, R, AnyArguments>, &K) -> QueryAs<'static, Any, R, AnyArguments>,
) -> sqlx::Result<Vec<R>>
where
    R: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let mut found = Vec::new();
    for keys in keys.chunks(1 << (PLACES / columns).ilog2()) {
        let count = keys.len().next_power_of_two();
        let values = if columns == 1 { "" } else { "values " };
        let sql = format!("{select} ({values}{})", places(count, columns));
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

/// Changes what belongs to any of the keys: `update` up to and with `in`.
pub(crate) async fn change<K>(
    db: &mut Conn,
    update: &'static str,
    columns: usize,
    keys: &[K],
    bind: impl Fn(Query, &K) -> Query,
) -> sqlx::Result<()> {
    for keys in keys.chunks(1 << (PLACES / columns).ilog2()) {
        let count = keys.len().next_power_of_two();
        let values = if columns == 1 { "" } else { "values " };
        let sql = format!("{update} ({values}{})", places(count, columns));
        let last = keys.last().into_iter().cycle();
        let places = keys.iter().chain(last).take(count);
        let query = places.fold(sqlx::query(AssertSqlSafe(sql)), &bind);
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// `($1, $2), ($3, $4), …`
fn places(rows: usize, columns: usize) -> String {
    let row = |at: usize| {
        let places: Vec<String> = (1..=columns)
            .map(|it| format!("${}", at * columns + it))
            .collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
