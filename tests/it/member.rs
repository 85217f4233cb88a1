//! People from a file: as spreadsheets in Japan write it, all or nothing, and back again.

use std::time::{Duration, Instant};

use app::{
    online::{ImportFault, ImportReport, Online},
    start::FormAnswer,
};
use axum::http::StatusCode;
use domain::{
    id::PromiseId,
    interview::{Promised, WriteRecord},
    refusal::Refusal,
    sync::mutation::Mutation,
    time::HOUR,
};
use encoding_rs::SHIFT_JIS;
use tests::{
    Reply, Town, both_engines,
    village::{people_csv, starts},
};

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
    import_of(town, "sato", file, how).await
}

async fn import_of(town: &Town, who: &str, file: &[u8], how: &str) -> ImportReport {
    let reply = town
        .browser_of(who)
        .upload("/staff/people/import", file, &[("do", how)])
        .await;
    report(&reply)
}

/// Somebody takes the latest import back: the answer.
async fn undo(town: &Town, who: &str) -> Option<FormAnswer> {
    let browser = town.browser_of(who);
    let id =
        latest(&browser.get("/staff/people/import").await).expect("an import that can be undone");
    let reply = browser
        .post("/staff/people/import/undo", &[("import", &id)])
        .await;
    crate::start_of(&reply).answer
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

    /// Somebody's new name stands wherever their old one stood: in talks, records and promises of both sides; so does the
    /// language of a calendar entry.
    async fn a_new_name_is_new_everywhere(town) {
        town.open("mio", ["tue-1000", "thu-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let booking = aoi.ask_for(["tue-1000"]).await;
        aoi.ask_for(["thu-1000"]).await;
        town.move_to(starts("tue-1000") + HOUR);
        let promises = vec![Promised { id: PromiseId::born(town.now(), town.chance()), text: "資料を送る".into(), due: town.now().day().plus(7) }];
        let mio = town.loaded_phone_of("mio").await;
        mio.wish(Mutation::WriteRecord(WriteRecord { booking, said: "東京".into(), next: String::new(), promises })).await;
        assert_eq!(mio.refusals(), Vec::<String>::new());
        let renamed = "氏名,メール\n青井 あおい,aoi@example.jp\n森 みお,mio@example.jp\n";
        assert!(import(&town, renamed.as_bytes(), "carry-out").await.is_done);
        town.assert_projection_is_rebuild().await;
        for (phone, old) in [(&aoi, "森 美緒"), (&mio, "青井 葵")] {
            phone.sync().await;
            let held: String = phone.rows().iter().filter_map(|it| Some(it.4.as_ref()?.get().to_owned())).collect();
            assert!(!held.contains(old), "{} still reads {old}", phone.owner());
        }
        assert_eq!(undo(&town, "sato").await, Some(FormAnswer::Done));
        town.assert_projection_is_rebuild().await;
        town.browser_of("aoi").post("/language", &[("language", "en"), ("back", "/me")]).await;
        town.assert_projection_is_rebuild().await;
        aoi.sync().await;
        assert!(aoi.rows().iter().any(|it| it.4.as_ref().is_some_and(|it| it.get().contains("15-minute interview with 森 美緒"))));
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
        let file = "氏名,メール,役割\n河合 律子,kawai@example.jp,人事\n";
        let told = import_of(&town, "kawai", file.as_bytes(), "carry-out").await;
        assert_eq!(told.problems.iter().map(|it| it.fault).collect::<Vec<_>>(), [ImportFault::LastOwner]);
        assert_eq!(town.count("select count(*) from members where role = 'owner'").await, 1);
    }

    /// HR looks after offer-holders and mentors; every other role is the owner's alone to give and to take.
    async fn hr_gives_no_role_that_is_the_owners(town) {
        let cases = [
            ("佐藤 健,sato@example.jp,管理責任者", "herself to owner"),
            ("森 美緒,mio@example.jp,人事", "a mentor to HR"),
            ("青井 葵,aoi@example.jp,相談員", "an offer-holder to desk officer"),
            ("新井 新,arai@example.jp,人事", "somebody new to HR"),
            ("土井 恵,doi@example.jp,メンター", "the desk officer to mentor"),
            ("河合 律子,kawai@example.jp,内定者", "the owner to offer-holder"),
        ];
        for how in ["try", "carry-out"] {
            for (row, what) in cases {
                let told = import(&town, format!("氏名,メール,役割\n{row}\n").as_bytes(), how).await;
                let faults: Vec<_> = told.problems.iter().map(|it| (it.row, it.column.as_str(), it.fault)).collect();
                assert_eq!((faults.as_slice(), told.is_done), (&[(2, "役割", ImportFault::OwnersAlone)][..], false), "{what}");
            }
        }
        assert_eq!(town.count("select count(*) from imports").await, 1, "only the town's own");
        // In words, on the page.
        let reply = town.browser_of("sato").upload("/staff/people/import", "氏名,メール,役割\n森 美緒,mio@example.jp,人事\n".as_bytes(), &[("do", "try")]).await;
        assert!(reply.page().contains("管理責任者だけです"), "{}", reply.page());
        // What is HR's goes on as before, also in a file that names the others as they are.
        let own = format!("{}新井 新,あらい あらた,arai@example.jp,メンター,開発部\n", people_csv().replace("蓮見 蓮,はすみ れん,ren@example.jp,内定者", "蓮見 蓮,はすみ れん,ren@example.jp,メンター"));
        assert_eq!(counts(&import(&town, own.as_bytes(), "carry-out").await), (1, 1, 6, 0));
        // The owner gives what is hers.
        let given = import_of(&town, "kawai", "氏名,メール,役割\n森 美緒,mio@example.jp,人事\n".as_bytes(), "carry-out").await;
        assert_eq!((counts(&given), given.is_done), ((0, 1, 0, 0), true));
    }

    /// Taking an import back moves roles, too: the same hands may do it.
    async fn hr_takes_no_role_back_that_is_the_owners(town) {
        let kinder = "氏名,メール,役割\n土井 恵,doi@example.jp,メンター\n新井 新,arai@example.jp,人事\n";
        assert!(import_of(&town, "kawai", kinder.as_bytes(), "carry-out").await.is_done);
        assert_eq!(undo(&town, "sato").await, Some(FormAnswer::Refused(Refusal::OwnersAlone)));
        assert_eq!(town.count("select count(*) from members where role = 'desk_officer'").await, 0, "nothing moved");
        assert_eq!(town.count("select count(*) from members where email_key = 'arai@example.jp' and left_at is null").await, 1);
        assert_eq!(undo(&town, "kawai").await, Some(FormAnswer::Done));
        assert_eq!(town.count("select count(*) from members where role = 'desk_officer'").await, 1);
        assert_eq!(town.count("select count(*) from members where email_key = 'arai@example.jp' and left_at is null").await, 0);
        town.assert_projection_is_rebuild().await;
    }

    /// Nobody takes themselves away: whoever came with an import leaves its undoing to somebody else.
    async fn nobody_takes_back_their_own_coming(town) {
        let csv = "氏名,メール,役割\n新井 新,arai@example.jp,管理責任者\n";
        assert!(import_of(&town, "kawai", csv.as_bytes(), "carry-out").await.is_done);
        let (arai,): (String,) = {
            let mut tx = town.services().db.read().await.unwrap();
            sqlx::query_as("select id from members where email = 'arai@example.jp'").fetch_one(&mut *tx).await.unwrap()
        };
        let browser = tests::Browser::signed_in(&town, &town.sign_in_directly(arai.parse().unwrap()).await);
        let id = latest(&browser.get("/staff/people/import").await).unwrap();
        let reply = browser.post("/staff/people/import/undo", &[("import", &id)]).await;
        assert_eq!(crate::start_of(&reply).answer, Some(FormAnswer::Refused(Refusal::OwnPlace)));
        assert!(reply.page().contains("あなた自身の登録が消えます"), "{}", reply.page());
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
