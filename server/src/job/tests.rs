use std::sync::Arc;

use domain::{
    id::HistoryId,
    time::{HOUR, MINUTE},
};

use super::*;
use crate::{
    asset::Site,
    config::Config,
    db::{Db, Executor},
    notification::{Sink, code_later},
    services::{Clock, Services},
    sync::{Feed, queries::set_fact},
};

/// A Tuesday, ten in the morning in Tokyo.
fn now() -> Time {
    "2030-11-05".parse::<domain::time::Day>().unwrap().start() + 10 * HOUR
}

/// A database's file, gone with the test.
struct File(std::path::PathBuf);

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            // What was never made need not go.
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

/// Services on a database of their own, with one member.
async fn services(config: Config) -> (Services, MemberId, File) {
    let file = std::env::temp_dir().join(format!("kakehashi-{}.db", JobId::born(now(), chance())));
    let db = Db::open(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    let member = MemberId::born(now(), 1);
    let mut tx = db.begin().await.unwrap();
    set_fact(&mut tx, "history", &HistoryId::random(1).to_string())
        .await
        .unwrap();
    sqlx::query("insert into members (id, role, name, email, email_key, created_at) values ($1, 'mentor', '森 美緒', $2, $2, 0)")
        .bind(member.to_string())
        .bind("mio@example.jp")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let feed = Arc::new(Feed::load(&db).await.unwrap());
    let clock = Clock::set_to(now());
    let executor = Executor::start(db.clone(), feed.clone(), clock.clone());
    let (config, site) = (Arc::new(config), Arc::new(Site::default()));
    (
        Services {
            config,
            db,
            executor,
            feed,
            sessions: Arc::default(),
            used: Arc::default(),
            streams: Arc::default(),
            clock,
            site,
        },
        member,
        File(file),
    )
}

async fn code(services: &Services, member: MemberId) {
    let mut tx = services.db.begin().await.unwrap();
    code_later(&mut tx, member, "123456", "a-token", now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Attempts, whether it is done, its body, what went wrong.
async fn state(services: &Services, kind: &str) -> Vec<(i64, Option<i64>, String, Option<String>)> {
    sqlx::query_as("select attempts, done_at, body, last_error from jobs where kind = $1")
        .bind(kind)
        .fetch_all(&mut *services.db.read().await.unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_job_runs_once_and_forgets_its_secrets() {
    let sink = Sink::start().await.unwrap();
    let (services, member, _file) = services(Config {
        mail: Some(sink.settings()),
        ..Config::for_tests()
    })
    .await;
    code(&services, member).await;
    run_due(&services).await.unwrap();
    assert_eq!(run_due(&services).await.unwrap(), 0);
    let mails = sink.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "mio@example.jp"));
    assert!(
        mails[0].text.contains("123456")
            && mails[0]
                .text
                .contains("http://localhost:3000/sign-in/link/a-token")
    );
    assert_eq!(
        state(&services, "sign_in_code").await,
        [(0, Some(now().millis()), String::new(), None)]
    );
}

#[tokio::test]
async fn a_job_that_fails_is_tried_eight_times_and_says_no_address() {
    // A port that was free a moment ago: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let nobody = crate::config::SmtpSettings::parse(&format!("smtp://127.0.0.1:{free}")).unwrap();
    let (services, member, _file) = services(Config {
        mail: Some(nobody),
        ..Config::for_tests()
    })
    .await;
    code(&services, member).await;
    run_due(&services).await.unwrap();
    let error = Some("no connection to the mail server".to_owned());
    let first = state(&services, "sign_in_code").await.remove(0);
    assert_eq!((first.0, first.1, &first.3), (1, None, &error));
    assert_eq!(
        run_due(&services).await.unwrap(),
        0,
        "not before the pause is over"
    );
    for hours in 1..=7 {
        services.clock.move_to(now() + hours * 5 * HOUR);
        run_due(&services).await.unwrap();
    }
    assert_eq!(
        state(&services, "sign_in_code").await,
        [(8, None, String::new(), error)]
    );
}

#[tokio::test]
async fn without_a_mail_server_mail_waits_and_housekeeping_does_not() {
    let (services, member, _file) = services(Config::for_tests()).await;
    code(&services, member).await;
    assert_eq!(run_due(&services).await.unwrap(), 2);
    assert_eq!(state(&services, "sign_in_code").await[0].1, None);
    assert!(state(&services, "purge").await[0].1.is_some());
}

#[tokio::test]
async fn a_worker_that_rests_gives_back_what_it_has_not_begun() {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let settings = crate::config::SmtpSettings::parse(&format!("smtp://127.0.0.1:{port}")).unwrap();
    let (services, member, _file) = services(Config {
        mail: Some(settings.clone()),
        ..Config::for_tests()
    })
    .await;
    for token in 0..9 {
        let mut tx = services.db.begin().await.unwrap();
        code_later(&mut tx, member, "123456", &format!("token-{token}"), now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let mailer = crate::notification::Mailer::new(&settings).unwrap();
    // The word comes while the first mails are under way, and none of them gets through.
    let server = async {
        loop {
            let _ = listener.accept().await;
            stop.send_replace(true);
        }
    };
    tokio::select! {
        ran = worker::run(&services, Some(&mailer), &stopped) => assert_eq!(ran.unwrap(), 9),
        () = server => {}
    }
    let (mut tried, mut given_back) = (0, 0);
    for (attempts, done, body, _) in state(&services, "sign_in_code").await {
        assert!(done.is_none() && !body.is_empty());
        if attempts == 0 {
            given_back += 1
        } else {
            tried += 1
        }
    }
    assert!(
        (1..=4).contains(&tried) && given_back >= 5,
        "{tried} tried, {given_back} given back"
    );
    let mut tx = services.db.begin().await.unwrap();
    let free = queries::take(&mut tx, 20, now(), now() + MINUTE, true)
        .await
        .unwrap();
    assert_eq!(free.len(), given_back, "another process takes them at once");
}

#[tokio::test]
async fn two_processes_never_take_the_same_job() {
    let (services, member, _file) = services(Config::for_tests()).await;
    code(&services, member).await;
    let take = async |at: Time| {
        let mut tx = services.db.begin().await.unwrap();
        let taken = queries::take(&mut tx, 20, at, at + 5 * MINUTE, true)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        taken.len()
    };
    assert_eq!((take(now()).await, take(now()).await), (1, 0));
    assert_eq!(
        take(now() + 6 * MINUTE).await,
        1,
        "a process that died holds nothing for ever"
    );
}
