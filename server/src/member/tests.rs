use std::{path::PathBuf, sync::Arc};

use app::online::ImportFault;
use domain::{member::Role, time::Time};

use super::*;
use crate::{services::Clock, sync::Feed};

/// A database of its own with an executor, in memory's stead: a file that goes with the test.
struct House {
    db: Db,
    executor: Executor,
    feed: Arc<Feed>,
    file: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            // What was never made need not go.
            let _ = std::fs::remove_file(format!("{}{end}", self.file.display()));
        }
    }
}

fn now() -> Time {
    Time::from_millis(1_920_000_000_000)
}

async fn house() -> House {
    let file = std::env::temp_dir().join(format!(
        "kakehashi-{}.db",
        MemberId::born(now(), crate::services::chance())
    ));
    let db = Db::open(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    let mut tx = db.begin().await.unwrap();
    crate::sync::queries::set_fact(
        &mut tx,
        "history",
        &domain::id::HistoryId::random(1).to_string(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let feed = Arc::new(Feed::load(&db).await.unwrap());
    let executor = Executor::start(db.clone(), feed.clone(), Clock::set_to(now()));
    House {
        db,
        executor,
        feed,
        file,
    }
}

const PEOPLE: &str = "氏名,メール,役割,所属\n河合 律子,kawai@example.jp,管理責任者,人事部\n\
                      森 美緒,mio@example.jp,メンター,開発部\n青井 葵,aoi@example.jp,内定者,\n";

impl House {
    async fn import(&self, text: &str) -> ImportReport {
        import_file(&self.db, &self.executor, text.as_bytes(), false, now())
            .await
            .unwrap()
    }

    async fn rows(&self, kind: &str) -> i64 {
        let mut tx = self.db.read().await.unwrap();
        let count: (i64,) =
            sqlx::query_as("select count(*) from feed where kind = $1 and body is not null")
                .bind(kind)
                .fetch_one(&mut *tx)
                .await
                .unwrap();
        count.0
    }

    async fn everybody(&self) -> Vec<MemberRow> {
        queries::everybody(&mut self.db.read().await.unwrap())
            .await
            .unwrap()
    }

    async fn hr(&self) -> Hr {
        let id = member_of(&self.db, "kawai@example.jp")
            .await
            .unwrap()
            .unwrap();
        let session = domain::id::SessionId::random(1);
        crate::actor::Signed {
            id,
            role: Role::Owner,
            session,
        }
        .as_hr()
        .unwrap()
    }
}

fn counts(report: &ImportReport) -> (usize, usize, usize) {
    (report.created, report.changed, report.unchanged)
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let house = house().await;
    assert_eq!(counts(&house.import(PEOPLE).await), (3, 0, 0));
    assert_eq!(
        (
            house.rows("me").await,
            house.rows("host").await,
            house.rows("person").await
        ),
        (3, 1, 3)
    );
    assert_eq!(counts(&house.import(PEOPLE).await), (0, 0, 3));
    let moved = PEOPLE
        .replace("aoi@", "ＡＯＩ@")
        .replace("開発部", "研究所");
    // The address is written differently but is the same person's.
    assert_eq!(counts(&house.import(&moved).await), (0, 2, 1));
    assert_eq!(house.everybody().await.len(), 3);
}

#[tokio::test]
async fn a_dry_run_and_a_faulty_file_change_nothing() {
    let house = house().await;
    let report = import_file(&house.db, &house.executor, PEOPLE.as_bytes(), true, now())
        .await
        .unwrap();
    assert_eq!((counts(&report), report.is_done), ((3, 0, 0), false));
    let report = house
        .import(&format!("{PEOPLE}蓮見 蓮,ren,内定者,\n"))
        .await;
    assert_eq!((report.problems.len(), report.is_done), (1, false));
    assert_eq!(house.everybody().await.len(), 0);
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let house = house().await;
    house.import(PEOPLE).await;
    let report = house.import(&PEOPLE.replace("管理責任者", "人事")).await;
    let problem = &report.problems[0];
    assert_eq!(
        (problem.row, problem.column.as_str(), problem.fault),
        (2, "役割", ImportFault::LastOwner)
    );
    let report = house
        .import(
            &PEOPLE
                .replace("管理責任者", "人事")
                .replace("メンター", "管理責任者"),
        )
        .await;
    assert!(
        report.is_done,
        "another one takes over: {:?}",
        report.problems
    );
}

#[tokio::test]
async fn an_import_is_taken_back_as_a_whole() {
    let house = house().await;
    house.import(PEOPLE).await;
    let before = house.everybody().await;
    house
        .import(&(PEOPLE.replace("開発部", "研究所") + "佐藤 健,sato@example.jp,人事,\n"))
        .await;
    assert_eq!(house.rows("host").await, 2);
    let hr = house.hr().await;
    let latest = queries::latest_import(&mut house.db.read().await.unwrap(), hr)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((latest.created, latest.changed), (1, 1));
    house
        .executor
        .run(move |turn| Box::pin(import::undo(turn, hr, latest.id)))
        .await
        .unwrap();
    let after = house.everybody().await;
    assert_eq!(
        before,
        after
            .iter()
            .filter(|it| it.left_at.is_none())
            .cloned()
            .collect::<Vec<_>>()
    );
    assert_eq!(
        (
            after.len(),
            house.rows("host").await,
            house.rows("me").await
        ),
        (4, 1, 3)
    );
    // Only one can be taken back, and who comes again is who they were.
    assert!(
        queries::latest_import(&mut house.db.read().await.unwrap(), hr)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        counts(&house.import("氏名,メール\n佐藤 健,sato@example.jp\n").await),
        (1, 0, 0)
    );
    assert_eq!(house.everybody().await.len(), 4);
}

#[tokio::test]
async fn nobody_takes_themselves_away() {
    let house = house().await;
    house.import(PEOPLE).await;
    let hr = house.hr().await;
    let latest = queries::latest_import(&mut house.db.read().await.unwrap(), hr)
        .await
        .unwrap()
        .unwrap();
    let undone = house
        .executor
        .run(move |turn| Box::pin(import::undo(turn, hr, latest.id)))
        .await;
    assert!(matches!(
        undone,
        Err(ApiError::Refused(domain::refusal::Refusal::OwnerNeeded))
    ));
    assert_eq!(house.rows("me").await, 3);
}

#[tokio::test]
async fn ten_thousand_people_in_one_turn() {
    let house = house().await;
    let mut text = String::from(PEOPLE);
    for at in 0..10_000 {
        text.push_str(&format!("内定 者{at},holder-{at}@example.jp,内定者,\n"));
    }
    let report = house.import(&text).await;
    assert_eq!(counts(&report), (10_003, 0, 0));
    assert_eq!(house.rows("person").await, 10_003);
    assert!(house.feed.is_newer(&[Audience::People], 20_000));
}
