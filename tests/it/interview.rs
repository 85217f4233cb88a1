//! After the interview: what was said, what was promised, and how the other side remembers it.

use domain::{
    id::{BookingId, CorrectionId, PromiseId},
    interview::{Correct, Promised, WriteRecord},
    promise::Keep,
    sync::mutation::Mutation,
    time::HOUR,
};
use tests::{
    Device, Town, both_engines,
    village::{day, starts},
};

use crate::mail;

fn record(booking: BookingId, said: &str, promises: Vec<Promised>) -> Mutation {
    Mutation::WriteRecord(WriteRecord {
        booking,
        said: said.to_owned(),
        next: "工場見学の日程".into(),
        promises,
    })
}

fn promised(town: &Town, text: &str, due: domain::time::Day) -> Promised {
    Promised {
        id: PromiseId::born(town.now(), town.chance()),
        text: text.to_owned(),
        due,
    }
}

/// Aoi has met Mio on Tuesday at ten.
async fn met(town: &Town) -> (Device, Device, BookingId) {
    town.open("mio", ["tue-1000"]).await;
    let aoi = town.loaded_phone_of("aoi").await;
    let booking = aoi.ask_for(["tue-1000"]).await;
    town.move_to(starts("tue-1000") + HOUR);
    (aoi, town.loaded_phone_of("mio").await, booking)
}

both_engines! {
    /// Both sides read the same record; the company's promise stands on both sides and with HR.
    async fn what_was_said_and_promised_is_read_by_both(town) {
        let (aoi, mio, booking) = met(&town).await;
        let promise = promised(&town, "配属の希望を人事に伝える", day(2030, 11, 29));
        let id = promise.id;
        mio.wish(record(booking, "東京勤務の希望を聞いた", vec![promise])).await;
        assert_eq!(mio.refusals(), Vec::<String>::new());
        aoi.sync().await;
        let read = aoi.machine().replica().view().records[&booking].clone();
        assert_eq!((&*read.said, &*read.by_name), ("東京勤務の希望を聞いた", "森 美緒"));
        assert_eq!(aoi.machine().replica().view().promises[&id].due, day(2030, 11, 29));
        assert_eq!(mio.machine().replica().view().records[&booking], read);

        // HR sees what the company owes, not what was said.
        let sato = town.loaded_phone_of("sato").await;
        assert!(sato.machine().replica().view().promises.contains_key(&id));
        for other in ["sato", "ren", "doi", "kawai"] {
            let phone = town.loaded_phone_of(other).await;
            let rows = serde_json::to_string(&phone.rows()).unwrap();
            assert!(!rows.contains("東京勤務"), "{other} reads what was said between two others");
        }

        aoi.wish(Mutation::Correct(Correct { booking, correction: CorrectionId::born(town.now(), town.chance()), text: "大阪でもよい、と言いました".into() })).await;
        mio.sync().await;
        assert_eq!(&*mio.machine().replica().view().records[&booking].corrections[0].text, "大阪でもよい、と言いました");

        sato.wish(Mutation::Keep(Keep { promise: id })).await;
        aoi.sync().await;
        let kept = aoi.machine().replica().view().promises[&id].kept.clone().unwrap();
        assert_eq!(kept.by, sato.member());
        mio.sync().await;
        mio.wish(Mutation::Keep(Keep { promise: id })).await;
        assert_eq!(mio.refusals(), ["promise_kept"]);
        for phone in [&aoi, &mio, &sato] {
            phone.sync().await;
            phone.assert_converged().await;
        }
        town.assert_projection_is_rebuild().await;
    }

    /// A rewritten record keeps what was promised and corrected.
    async fn a_rewritten_record_keeps_its_promises(town) {
        let (aoi, mio, booking) = met(&town).await;
        let promise = promised(&town, "資料を送る", day(2030, 11, 20));
        mio.wish(record(booking, "一回目", vec![promise.clone()])).await;
        aoi.wish(Mutation::Correct(Correct { booking, correction: CorrectionId::born(town.now(), town.chance()), text: "補足".into() })).await;
        mio.wish(record(booking, "二回目", vec![promise])).await;
        assert_eq!(mio.refusals(), Vec::<String>::new());
        aoi.sync().await;
        let view = aoi.machine().replica().view().clone();
        assert_eq!((&*view.records[&booking].said, view.records[&booking].corrections.len(), view.promises.len()), ("二回目", 1, 1));
    }

    /// Nothing is written before it took place, about somebody else's interview, or with a promise for yesterday.
    async fn a_record_has_its_rules(town) {
        town.open("mio", ["tue-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let booking = aoi.ask_for(["tue-1000"]).await;
        let (mio, sato) = (town.loaded_phone_of("mio").await, town.loaded_phone_of("sato").await);
        mio.wish(record(booking, "まだ", Vec::new())).await;
        assert_eq!(mio.refusals(), ["interview_ahead"]);
        mio.read_outcomes().await;
        town.move_to(starts("tue-1000") + HOUR);
        sato.wish(record(booking, "人事から", Vec::new())).await;
        assert_eq!(sato.refusals(), ["not_there"], "HR does not write into others' interviews");
        mio.wish(record(booking, " ", Vec::new())).await;
        mio.wish(record(booking, "済", vec![promised(&town, "昨日まで", day(2030, 11, 11))])).await;
        aoi.wish(Mutation::Correct(Correct { booking, correction: CorrectionId::born(town.now(), town.chance()), text: "まだ無い".into() })).await;
        assert_eq!(mio.refusals(), ["field_empty", "due_passed"]);
        assert_eq!(aoi.refusals(), ["not_there"]);
        assert_eq!(town.count("select count(*) from records").await + town.count("select count(*) from promises").await, 0);
    }

    /// A word about the record goes to the offer-holder by mail, once, at an hour that is kind.
    async fn a_record_is_announced_at_a_kind_hour(town) {
        let (_, mio, booking) = met(&town).await;
        town.run_jobs().await;
        let before = mail::to(&town, "aoi").len();
        town.move_to(starts("tue-2200"));
        mio.wish(record(booking, "夜に書いた", Vec::new())).await;
        mio.wish(record(booking, "夜に書き直した", Vec::new())).await;
        town.run_jobs().await;
        assert_eq!(mail::to(&town, "aoi").len(), before, "nobody is woken at ten in the evening");
        town.move_to(starts("wed-0800"));
        town.run_jobs().await;
        let mails = mail::to(&town, "aoi");
        assert_eq!(mails.len(), before + 1);
        assert!(!mails.last().unwrap().text.contains("夜に書き直した"), "what was said stays in the app");
    }
}
