//! 受験料の補助: asked for with a photo of the receipt, answered with a word, and given for good.

use app::{
    online::Online,
    staff::subsidies::{Subsidies, SubsidyLine},
};
use axum::http::{Method, StatusCode};
use domain::{
    id::SubsidyId,
    learning::{Course, Lesson},
    subsidy::{AskSubsidy, Decision, Fee, Subsidy, WithdrawSubsidy},
    sync::mutation::Mutation,
    text::Short,
    time::MINUTE,
};
use tests::{Browser, Device, Reply, Town, both_engines};

use crate::course::{editing, only, use_course, write};

/// A company that pays for the exam.
async fn offered(town: &Town) {
    let sato = town.browser_of("sato");
    use_course(town, "boki-3").await;
    let course = only(&town.loaded_phone_of("aoi").await);
    assert!(course.subsidy_yen().is_none(), "not by itself");
    let it = editing(&sato, course.id, "qualification.toml").await;
    let text = it.text.replace("# subsidy_yen", "subsidy_yen");
    assert_eq!(
        write(&sato, &it, &text, "save").await.status,
        StatusCode::OK
    );
}

fn form(course: &Course) -> &Lesson {
    course
        .pages()
        .find(|it| it.subsidy_yen.is_some())
        .expect("a form")
}

async fn ask(town: &Town, phone: &Device, yen: u32) -> SubsidyId {
    let subsidy = SubsidyId::random(town.chance());
    ask_anew(town, phone, subsidy, yen).await;
    subsidy
}

async fn ask_anew(town: &Town, phone: &Device, subsidy: SubsidyId, yen: u32) {
    let wish = AskSubsidy {
        subsidy,
        fee: Fee {
            course: only(phone).id,
            purpose: Short::new("日商簿記3級の受験料").unwrap(),
            yen,
            paid: town.now().day(),
        },
    };
    phone.wish(Mutation::AskSubsidy(wish)).await;
}

fn known(phone: &Device, id: SubsidyId) -> Option<Subsidy> {
    phone.seen().view.subsidies.get(&id).cloned()
}

/// A picture of one pixel.
fn photo() -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::DynamicImage::new_rgb8(40, 30);
    let mut to = std::io::Cursor::new(&mut bytes);
    picture.write_to(&mut to, image::ImageFormat::Jpeg).unwrap();
    bytes
}

async fn send(browser: &Browser, id: SubsidyId, photo: Vec<u8>) -> StatusCode {
    let headers = [
        ("content-type", "image/jpeg"),
        ("sec-fetch-site", "same-origin"),
    ];
    let path = format!("/receipts/{id}");
    let reply = browser.send(Method::PUT, &path, Some(photo), &headers);
    reply.await.status
}

async fn lines(town: &Town) -> Vec<SubsidyLine> {
    page(&town.browser_of("sato").get("/staff/subsidies").await).lines
}

fn page(reply: &Reply) -> Subsidies {
    match crate::start_of(reply).online {
        Some(Online::Subsidies(it)) => it,
        other => panic!("not the page of subsidies: {other:?}"),
    }
}

async fn decide(town: &Town, it: &SubsidyLine, decision: &str, word: &str) -> Reply {
    let (id, asked) = (it.id.to_string(), it.subsidy.asked.millis().to_string());
    let fields = [
        ("subsidy", &*id),
        ("asked", &asked),
        ("decision", decision),
        ("word", word),
    ];
    let sato = town.browser_of("sato");
    sato.post("/staff/subsidies/decide", &fields).await
}

both_engines! {
    /// Asked for in the train, sent when there is a signal, photo after it; HR says yes; the person reads it.
    async fn a_fee_is_asked_for_and_paid(town) {
        offered(&town).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.offline();
        let id = ask(&town, &aoi, 3_300).await;
        assert_eq!(known(&aoi, id).unwrap().decision, Decision::Open);
        let browser = town.browser_of("aoi");
        assert_eq!(send(&browser, id, photo()).await, StatusCode::NOT_FOUND, "its request is not there yet");
        aoi.online().await;
        aoi.sync().await;
        assert_eq!(send(&browser, id, photo()).await, StatusCode::NO_CONTENT);
        aoi.sync().await;
        assert!(known(&aoi, id).unwrap().has_receipt);
        let sato = town.loaded_phone_of("sato").await;
        assert_eq!(sato.seen().view.open_subsidies.len(), 1);
        let line = &lines(&town).await[0];
        assert_eq!((line.subsidy.fee.yen, line.name.as_deref()), (3_300, Some("青井 葵")));
        let shown = town.browser_of("sato").get(&format!("/receipts/{id}")).await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/jpeg"));
        assert_eq!(decide(&town, line, "approved", "合格おめでとうございます。").await.status, StatusCode::SEE_OTHER);
        aoi.sync().await;
        sato.sync().await;
        let it = known(&aoi, id).unwrap();
        assert_eq!((it.decision, it.word.as_deref()), (Decision::Approved, Some("合格おめでとうございます。")));
        assert!(sato.seen().view.open_subsidies.is_empty());
        town.assert_projection_is_rebuild().await;
    }

    /// A question and a "no" come with a word; what was asked back is written anew under the same id, and is open again.
    async fn the_company_asks_back_with_a_word(town) {
        offered(&town).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let id = ask(&town, &aoi, 3_000).await;
        let line = &lines(&town).await[0];
        for decision in ["asked_back", "declined"] {
            let reply = decide(&town, line, decision, "  ").await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page(&reply).unsaid.unwrap().no.is_some());
        }
        decide(&town, line, "asked_back", "3,300円ではありませんか。").await;
        aoi.sync().await;
        assert_eq!(known(&aoi, id).unwrap().decision, Decision::AskedBack);
        town.pass(MINUTE);
        ask_anew(&town, &aoi, id, 3_300).await;
        aoi.sync().await;
        let it = known(&aoi, id).unwrap();
        assert_eq!((it.decision, it.fee.yen, it.word), (Decision::Open, 3_300, None));
        assert_eq!(lines(&town).await.len(), 1);
        town.assert_projection_is_rebuild().await;
    }

    /// HR answers what it has read: a request that was written anew meanwhile is shown once more, with what HR had typed.
    async fn nobody_says_yes_to_another_amount(town) {
        offered(&town).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let id = ask(&town, &aoi, 3_300).await;
        let line = &lines(&town).await[0];
        town.pass(MINUTE);
        ask_anew(&town, &aoi, id, 3_299).await;
        let reply = decide(&town, line, "approved", "お疲れさまでした。").await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let unsaid = page(&reply).unsaid.unwrap();
        assert_eq!((unsaid.no, &*unsaid.word), (None, "お疲れさまでした。"));
        assert!(reply.text().contains("3,299円"));
        aoi.sync().await;
        assert_eq!(known(&aoi, id).unwrap().decision, Decision::Open);
        // And what was decided stays: neither asked for anew nor answered twice.
        let line = &lines(&town).await[0];
        decide(&town, line, "declined", "受験料だけをお支払いしています。").await;
        ask_anew(&town, &aoi, id, 1).await;
        aoi.wish(Mutation::WithdrawSubsidy(WithdrawSubsidy { subsidy: id })).await;
        aoi.sync().await;
        let it = known(&aoi, id).unwrap();
        assert_eq!((it.decision, it.fee.yen), (Decision::Declined, 3_299));
        let again = decide(&town, line, "approved", "").await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(send(&town.browser_of("aoi"), id, photo()).await, StatusCode::GONE);
        town.assert_projection_is_rebuild().await;
    }

    /// What is somebody's own is nobody else's: not the request, not the photo, not taking it back.
    async fn a_receipt_is_between_two(town) {
        offered(&town).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let id = ask(&town, &aoi, 3_300).await;
        let (own, path) = (town.browser_of("aoi"), format!("/receipts/{id}"));
        assert_eq!(send(&own, id, photo()).await, StatusCode::NO_CONTENT);
        for key in ["ren", "mio", "doi"] {
            let browser = town.browser_of(key);
            assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{key}");
            assert_eq!(send(&browser, id, photo()).await, StatusCode::NOT_FOUND, "{key}");
        }
        let ren = town.loaded_phone_of("ren").await;
        ren.wish(Mutation::WithdrawSubsidy(WithdrawSubsidy { subsidy: id })).await;
        ask_anew(&town, &ren, id, 1).await;
        assert_eq!(ren.refusals(), ["not_there", "not_there"]);
        assert!(ren.seen().view.subsidies.is_empty());
        assert_eq!(send(&own, id, b"<svg onload=alert(1)>".to_vec()).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(send(&own, id, vec![0; 13 << 20]).await, StatusCode::PAYLOAD_TOO_LARGE);
        // Taken back, nothing of it stays.
        aoi.wish(Mutation::WithdrawSubsidy(WithdrawSubsidy { subsidy: id })).await;
        assert!(known(&aoi, id).is_none());
        assert_eq!(own.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(send(&own, id, photo()).await, StatusCode::GONE);
        assert_eq!(town.count("select count(*) from receipts").await, 0);
        assert_eq!(town.count("select count(*) from subsidies where purpose <> '-'").await, 0);
        assert!(lines(&town).await.is_empty());
        town.assert_projection_is_rebuild().await;
    }

    /// The form of a phone without the app's code, with its photo in the same post.
    async fn a_fee_is_asked_for_without_code(town) {
        offered(&town).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let course = only(&aoi);
        let path = format!("/learn/{}/{}", course.id, form(&course).id);
        let browser = town.browser_of("aoi");
        let html = browser.get(&path).await.text();
        assert!(html.contains("辞退しても返金は求めません。"));
        let day = town.now().day().to_string();
        let fields = [("purpose", "受験料"), ("yen", "3300"), ("paid", &*day)];
        let reply = browser.upload_as("receipt", &format!("{path}/ask"), &photo(), &fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        assert!(reply.header("location").ends_with("answer=done"));
        let line = &lines(&town).await[0];
        assert!(line.subsidy.has_receipt && line.subsidy.fee.yen == 3_300);
        for (field, wrong) in [("yen", "0"), ("paid", "2099-01-01"), ("purpose", " ")] {
            let fields = fields.map(|it| if it.0 == field { (field, wrong) } else { it });
            let reply = browser.upload_as("receipt", &format!("{path}/ask"), &[], &fields).await;
            assert!(reply.header("location").contains(field), "{}", reply.header("location"));
        }
        let reply = browser.upload_as("receipt", &format!("{path}/ask"), b"%PDF", &fields).await;
        assert!(reply.header("location").contains("receipt"));
        assert_eq!(lines(&town).await.len(), 1);
    }

    /// The company pays up to what it says, whatever a device sends; one yen more is refused, and so it is when it is written anew.
    async fn nobody_asks_for_more_than_is_offered(town) {
        offered(&town).await;
        let aoi = town.loaded_phone_of("aoi").await;
        for yen in [3_301, 1_000_000, u32::MAX, 0] {
            ask(&town, &aoi, yen).await;
        }
        assert_eq!(aoi.refusals(), ["field_wrong"; 4]);
        let id = ask(&town, &aoi, 3_300).await;
        ask_anew(&town, &aoi, id, 3_301).await;
        assert_eq!(aoi.refusals().len(), 5);
        assert_eq!(lines(&town).await[0].subsidy.fee.yen, 3_300);
        town.assert_projection_is_rebuild().await;
    }

    /// A company that does not offer it is not asked; whoever leaves asks for nothing any more.
    async fn nothing_is_asked_where_nothing_is_offered(town) {
        use_course(&town, "boki-3").await;
        let aoi = town.loaded_phone_of("aoi").await;
        ask(&town, &aoi, 3_300).await;
        assert_eq!(aoi.refusals(), ["not_there"]);
        offered(&town).await;
        let crowd = town.crowd(1).await;
        crowd[0].sync().await;
        ask(&town, &crowd[0], 3_300).await;
        assert_eq!(lines(&town).await.len(), 1);
        town.crowd_leaves().await;
        assert!(lines(&town).await.is_empty());
        town.assert_projection_is_rebuild().await;
    }
}
