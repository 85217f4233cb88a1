//! People from a file: as spreadsheets in Japan write it, all or nothing, and back again.

use std::time::{Duration, Instant};

use app::start::{ImportFault, ImportReport, Online};
use axum::http::StatusCode;
use encoding_rs::SHIFT_JIS;
use tests::{Reply, Town, both_engines, village::people_csv};

fn report(reply: &Reply) -> ImportReport {
    match crate::start_of(reply).online {
        Some(Online::Import(state)) => state
            .report
            .unwrap_or_else(|| panic!("no report: {}", reply.page())),
        other => panic!("not the import page: {other:?}"),
    }
}

fn latest(reply: &Reply) -> Option<String> {
    match crate::start_of(reply).online {
        Some(Online::Import(state)) => state.latest.map(|it| it.id.to_string()),
        other => panic!("not the import page: {other:?}"),
    }
}

async fn import(town: &Town, file: &[u8], how: &str) -> ImportReport {
    report(
        &town
            .browser_of("sato")
            .upload("/staff/people/import", file, &[("do", how)])
            .await,
    )
}

fn counts(it: &ImportReport) -> (usize, usize, usize, usize) {
    (it.created, it.changed, it.unchanged, it.problems.len())
}

both_engines! {
    /// Excel's bytes, whatever it is told to write: the same people come out.
    async fn every_encoding_of_a_spreadsheet_is_read(town) {
        let text = "氏名,ﾌﾘｶﾞﾅ,メール,学校,卒業年\r\n髙橋 﨑,タカハシ サキ,TAKAHASHI＠example.jp,東京大学,２０３１\r\n";
        let (sjis, _, is_lossy) = SHIFT_JIS.encode(text);
        assert!(!is_lossy, "Windows-31J has 髙 and 﨑");
        let files = [("UTF-8", text.as_bytes().to_vec()), ("UTF-8", [b"\xEF\xBB\xBF", text.as_bytes()].concat()), ("Windows-31J", sjis.into_owned())];
        for (at, (encoding, file)) in files.iter().enumerate() {
            let report = import(&town, file, "carry-out").await;
            assert_eq!(&report.encoding, encoding);
            assert_eq!(counts(&report), if at == 0 { (1, 0, 0, 0) } else { (0, 0, 1, 0) }, "{encoding}: {report:?}");
        }
        let sato = town.loaded_phone_of("sato").await;
        sato.want("people").await;
        let people = sato.machine().replica().view().people.clone();
        let person = people.values().find(|it| it.name.contains('﨑')).unwrap();
        assert_eq!((&*person.name, person.kana.as_deref(), person.graduation_year), ("髙橋 﨑", Some("タカハシ サキ"), Some(2031)));
        assert_eq!(town.count("select count(*) from members where email_key = 'takahashi@example.jp'").await, 1);
    }

    /// A dry run tells and does nothing; so does a file with a mistake in it.
    async fn a_mistake_changes_nothing_and_is_named(town) {
        let before = town.count("select count(*) from members").await;
        let rows = town.count("select count(*) from feed").await;
        let good = "氏名,メール\n新井 新,arai@example.jp\n";
        let tried = import(&town, good.as_bytes(), "try").await;
        assert_eq!((counts(&tried), tried.is_done), ((1, 0, 0, 0), false));
        let bad = "氏名,メール,役割,入社予定日,卒業年,血液型\n\
                   新井 新,arai@example.jp,内定者,2031-04-01,2031,A\n\
                   ,nobody@example.jp,内定者,2031-04-01,2031,B\n\
                   石井 石,ishii-at-example.jp,社長,来年,もうすぐ,O\n\
                   新井 あらた,ARAI@example.jp,内定者,2031/4/1,2031,AB\n";
        let told = import(&town, bad.as_bytes(), "carry-out").await;
        let faults: Vec<_> = told.problems.iter().map(|it| (it.row, it.column.as_str(), it.fault)).collect();
        assert_eq!(
            faults,
            [
                (3, "氏名", ImportFault::Missing),
                (4, "メール", ImportFault::NotAnAddress),
                (4, "卒業年", ImportFault::NotAYear),
                (4, "入社予定日", ImportFault::NotADate),
                (4, "役割", ImportFault::UnknownRole),
                (5, "メール", ImportFault::AddressTwice),
            ]
        );
        assert_eq!((told.unknown_columns.as_slice(), told.is_done), (&["血液型".to_owned()][..], false), "reported, not guessed");
        assert_eq!(town.count("select count(*) from members").await, before);
        assert_eq!(town.count("select count(*) from feed").await, rows);
        assert_eq!(town.count("select count(*) from imports").await, 1, "only the town's own");
        for rubbish in [&b""[..], b"\x00\x01\x02", b"a,b,c\n1,2,3\n", &[0xff; 300]] {
            let told = import(&town, rubbish, "carry-out").await;
            assert!(!told.is_done && !told.problems.is_empty(), "{told:?}");
        }
    }

    /// The same file again changes nothing; another one updates by address and duplicates nobody.
    async fn importing_again_updates_by_address(town) {
        let rows = town.count("select count(*) from feed").await;
        let again = import(&town, people_csv().as_bytes(), "carry-out").await;
        assert_eq!(counts(&again), (0, 0, 7, 0));
        assert_eq!(town.count("select count(*) from feed").await, rows);
        let aoi = town.loaded_phone_of("aoi").await;
        let moved = import(&town, "name,e-mail,university\n青井 あおい, ＡＯＩ@EXAMPLE.jp ,京都大学\n".as_bytes(), "carry-out").await;
        assert_eq!(counts(&moved), (0, 1, 0, 0));
        aoi.sync().await;
        assert_eq!(&*aoi.machine().replica().view().myself().unwrap().name, "青井 あおい");
        assert_eq!(town.count("select count(*) from members where kana = 'あおい あおい'").await, 1, "a column that is not there says nothing");
        town.assert_projection_is_rebuild().await;
    }

    /// The last import can be taken back: who changed is as before, who came is gone, with every session and row.
    async fn the_last_import_can_be_taken_back(town) {
        let sato = town.browser_of("sato");
        let csv = "氏名,メール,学校\n青井 葵,aoi@example.jp,京都大学\n新井 新,arai@example.jp,\n";
        let reply = sato.upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await;
        assert_eq!(counts(&report(&reply)), (1, 1, 0, 0));
        let id = latest(&sato.get("/staff/people/import").await).unwrap();
        let (arai,): (String,) = {
            let mut tx = town.services().db.read().await.unwrap();
            sqlx::query_as("select id from members where email = 'arai@example.jp'").fetch_one(&mut *tx).await.unwrap()
        };
        let browser = tests::Browser::signed_in(&town, &town.sign_in_directly(arai.parse().unwrap()).await);
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
        let reply = sato.post("/staff/people/import/undo", &[("import", &id)]).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.page());
        assert_eq!(town.count("select count(*) from members where school = '京都大学'").await, 0);
        assert_eq!(browser.get("/me").await.status, StatusCode::SEE_OTHER, "signed out at once");
        town.visitor().post("/sign-in", &[("email", "arai@example.jp")]).await;
        town.run_jobs().await;
        assert!(town.mail().mails().is_empty(), "and no way in");
        let again = sato.post("/staff/people/import/undo", &[("import", &id)]).await;
        assert!(again.status.is_client_error(), "once");
        town.assert_projection_is_rebuild().await;
        // Back by another import: the same person, not a second one.
        let reply = sato.upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await;
        assert_eq!(counts(&report(&reply)), (1, 1, 0, 0));
        assert_eq!(town.count("select count(*) from members where email_key = 'arai@example.jp'").await, 1);
        town.assert_projection_is_rebuild().await;
    }

    /// The company keeps an owner.
    async fn the_last_owner_stays_owner(town) {
        let told = import(&town, "氏名,メール,役割\n河合 律子,kawai@example.jp,人事\n".as_bytes(), "carry-out").await;
        assert_eq!(told.problems.iter().map(|it| it.fault).collect::<Vec<_>>(), [ImportFault::LastOwner]);
        assert_eq!(town.count("select count(*) from members where role = 'owner'").await, 1);
    }

    /// Ten thousand people, in one go.
    async fn ten_thousand_rows_take_less_than_five_seconds(town) {
        let mut csv = String::from("氏名,ふりがな,メール,学校,学部,卒業年,入社予定日\n");
        for at in 0..10_000 {
            csv.push_str(&format!("内定 {at}号,ないてい {at}ごう,person-{at}@example.jp,東京大学,工学部,2031,2031-04-01\n"));
        }
        let begun = Instant::now();
        let done = import(&town, csv.as_bytes(), "carry-out").await;
        let took = begun.elapsed();
        assert_eq!((counts(&done), done.is_done), ((10_000, 0, 0, 0), true));
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert_eq!(town.count("select count(*) from feed where kind = 'me'").await, 10_007);
    }
}
