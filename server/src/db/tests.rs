use std::path::PathBuf;

use super::Db;
use crate::{event::queries::FREED, sync::queries::ANSWERS};

/// A database file of this test alone.
struct File(PathBuf);

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

/// A new database, and its file, which goes when it is dropped.
async fn opened(name: &str) -> (Db, File) {
    let name = format!("kakehashi-{name}-{}.db", std::process::id());
    let file = File(std::env::temp_dir().join(name));
    let url = format!("sqlite:{}", file.0.display());
    (Db::open(&url).await.unwrap(), file)
}

async fn count(db: &Db) -> i64 {
    sqlx::query_scalar("select count(*) from company where key = 'after'")
        .fetch_one(&mut *db.read().await.unwrap())
        .await
        .unwrap()
}

/// As it does when the disk is full, SQLite ends a transaction in its middle: the next one begins all the same, and what
/// the first wrote is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_ended_by_itself_is_not_the_last() {
    let (db, _file) = opened("db").await;
    for _ in 0..3 {
        let mut tx = db.begin().await.unwrap();
        sqlx::query("insert into company (key, value) values ('before', '1')")
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query("rollback").execute(&mut *tx).await.unwrap();
        assert!(tx.commit().await.is_err());
    }
    let mut tx = db.begin().await.unwrap();
    sqlx::query("insert into company (key, value) values ('after', '1')")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&db).await, 1);
    db.close().await;
}

/// Recorded answers are kept for more than a year and asked for at every push, replies for ever: nobody reads all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pairs_are_looked_up() {
    let (db, _file) = opened("pairs").await;
    for ((with, rest), index) in [
        (ANSWERS, "SEARCH applied USING INDEX"),
        (FREED, "SEARCH rsvps USING INDEX"),
    ] {
        let plan = format!("explain query plan {with} (values (?, ?), (?, ?)) {rest}");
        let query = sqlx::query_as(sqlx::AssertSqlSafe(plan));
        let rows: Vec<(i64, i64, i64, String)> = ["a", "b", "c", "d"]
            .into_iter()
            .fold(query, |query, it| query.bind(it))
            .fetch_all(&mut *db.read().await.unwrap())
            .await
            .unwrap();
        let steps: Vec<_> = rows.iter().map(|it| it.3.as_str()).collect();
        assert!(
            steps.iter().any(|it| it.starts_with(index)),
            "{rest}: {steps:?}"
        );
    }
    db.close().await;
}
