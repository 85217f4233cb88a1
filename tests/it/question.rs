//! 事前の質問: whose a question is reads who the person lets read it; answers reach everybody who is invited.

use domain::{
    event::Invited,
    id::QuestionId,
    question::{AnswerQuestion, MOST_QUESTIONS, WithdrawQuestion},
    sync::mutation::Mutation,
};
use futures::future::join_all;
use tests::{
    Device, Town, both_engines,
    village::{cast, starts},
};

const WORDS: &str = "服装は私服でもよいですか。";

async fn answer(phone: &Device, question: QuestionId, answer: &str, faq: &str) {
    let (answer, faq) = (answer.to_owned(), faq.to_owned());
    let wish = AnswerQuestion {
        question,
        answer,
        faq,
    };
    phone.wish(Mutation::AnswerQuestion(wish)).await;
}

async fn withdraw(phone: &Device, question: QuestionId) {
    phone
        .wish(Mutation::WithdrawQuestion(WithdrawQuestion { question }))
        .await;
}

async fn phones<const N: usize>(town: &Town, keys: [&str; N]) -> [Device; N] {
    let phones = join_all(keys.map(|key| town.loaded_phone_of(key))).await;
    phones
        .try_into()
        .unwrap_or_else(|_| unreachable!("as many phones as keys"))
}

async fn look(phones: &[&Device]) {
    join_all(phones.iter().map(|it| it.sync())).await;
}

/// The question as a phone shows it: its words, its name, its answer.
fn read(phone: &Device, id: QuestionId) -> Option<String> {
    let seen = phone.seen();
    let it = seen.view.questions.get(&id)?;
    let name = it.name.as_deref().unwrap_or("-");
    let answer = match (&it.answer, it.answered) {
        (Some(answer), _) => answer,
        (None, Some(_)) => "there",
        (None, None) => "?",
    };
    Some(format!("{name}: {} {answer}", &*it.text))
}

both_engines! {
    /// Without a name nobody's screen says whose it is: not the others', not HR's, not the host's; the answer reaches all.
    async fn nobody_reads_whose_question_it_is(town) {
        let event = town.invite_to_dinner(5, |it| it.hosts = vec![cast("mio").id()]).await;
        let [aoi, ren, mio, sato] = phones(&town, ["aoi", "ren", "mio", "sato"]).await;
        let id = aoi.ask_about(&town, event, WORDS, false).await;
        look(&[&aoi, &ren, &mio, &sato]).await;
        let (name, key) = ("青井 葵", cast("aoi").id().to_string());
        for other in [&ren, &mio, &sato] {
            assert_eq!(read(other, id).as_deref(), Some("-: 服装は私服でもよいですか。 ?"));
            let rows = other.rows();
            let told = rows.iter().filter(|it| *it.0 == *"question");
            for row in told {
                let body = row.4.as_ref().unwrap().get();
                assert!(!body.contains(name) && !body.contains(&key) && !row.1.contains(&key), "{body}");
            }
            assert!(rows.iter().all(|it| *it.0 != *"own_question"));
        }
        assert!(aoi.seen().view.own_questions.contains_key(&id), "her own phone knows");
        answer(&mio, id, "はい、どんな服でもどうぞ。", "服装に決まりはありますか。").await;
        look(&[&aoi, &ren]).await;
        for phone in [&aoi, &ren] {
            assert_eq!(read(phone, id).as_deref(), Some("-: 服装は私服でもよいですか。 はい、どんな服でもどうぞ。"));
            assert_eq!(&*phone.seen().view.faqs[&id].question, "服装に決まりはありますか。");
            assert_eq!(phone.seen().view.questions[&id].faq, None, "how it is listed is for those who plan");
        }
        town.assert_projection_is_rebuild().await;
    }

    async fn who_wants_to_be_named_is_named(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let [aoi, ren] = phones(&town, ["aoi", "ren"]).await;
        let id = aoi.ask_about(&town, event, WORDS, true).await;
        look(&[&ren]).await;
        assert_eq!(read(&ren, id).as_deref(), Some("青井 葵: 服装は私服でもよいですか。 ?"));
        let sato = town.loaded_phone_of("sato").await;
        answer(&sato, id, "", "").await;
        look(&[&ren]).await;
        assert_eq!(read(&ren, id).as_deref(), Some("青井 葵: 服装は私服でもよいですか。 there"));
        town.assert_projection_is_rebuild().await;
    }

    /// Taken back it is gone, from the database too; what the company wrote of it stays.
    async fn a_question_is_taken_back(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let [aoi, ren, sato] = phones(&town, ["aoi", "ren", "sato"]).await;
        let id = aoi.ask_about(&town, event, WORDS, false).await;
        look(&[&sato]).await;
        answer(&sato, id, "はい。", "服装に決まりはありますか。").await;
        withdraw(&ren, id).await;
        assert_eq!(ren.refusals(), ["not_there"]);
        withdraw(&aoi, id).await;
        look(&[&aoi, &ren, &sato]).await;
        for phone in [&aoi, &ren, &sato] {
            assert_eq!(read(phone, id), None);
        }
        assert!(ren.seen().view.faqs.contains_key(&id));
        assert_eq!(town.count("select count(*) from questions where text <> ''").await, 0);
        answer(&sato, id, "もう一度", "").await;
        assert_eq!(sato.refusals(), ["not_there"], "nothing is left to answer");
        town.assert_projection_is_rebuild().await;
    }

    /// Asked in a tunnel it is on the phone at once, and with the others at the exit.
    async fn asked_without_a_signal(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let [aoi, ren] = phones(&town, ["aoi", "ren"]).await;
        aoi.offline();
        let id = aoi.ask_about(&town, event, WORDS, false).await;
        assert!(read(&aoi, id).is_some());
        look(&[&ren]).await;
        assert_eq!(read(&ren, id), None);
        aoi.online().await;
        look(&[&aoi]).await;
        look(&[&ren]).await;
        assert!(read(&ren, id).is_some());
    }

    /// Not theirs to ask, to read or to answer.
    async fn a_question_is_for_who_is_invited(town) {
        let chosen = vec![cast("aoi").id()];
        let event = town.invite_to_dinner(5, |it| it.invited = Invited::Chosen(chosen)).await;
        let [aoi, ren, mio] = phones(&town, ["aoi", "ren", "mio"]).await;
        let id = aoi.ask_about(&town, event, WORDS, false).await;
        look(&[&ren, &mio]).await;
        assert_eq!([read(&ren, id), read(&mio, id)], [None, None]);
        ren.ask_about(&town, event, WORDS, false).await;
        assert_eq!(ren.refusals(), ["not_there"]);
        answer(&mio, id, "はい。", "").await;
        assert_eq!(mio.refusals(), ["not_there"]);
        // Ren is invited instead: he reads it, and Aoi, who asked, no more.
        let sato = town.loaded_phone_of("sato").await;
        let mut it = tests::gathering::dinner(event, 5, starts("fri-1830"));
        it.invited = Invited::Chosen(vec![cast("ren").id()]);
        sato.wish(Mutation::WriteEvent(Box::new(it))).await;
        look(&[&aoi, &ren]).await;
        assert!(read(&ren, id).is_some() && read(&aoi, id).is_none());
        town.assert_projection_is_rebuild().await;
    }

    /// Ten are many; an empty one is none; after the end there is nothing to ask beforehand.
    async fn what_is_no_question_is_refused(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.ask_about(&town, event, " ", false).await;
        for _ in 0..=MOST_QUESTIONS {
            aoi.ask_about(&town, event, WORDS, false).await;
        }
        assert_eq!(aoi.refusals(), ["field_empty", "field_wrong"]);
        let ren = town.loaded_phone_of("ren").await;
        town.move_to(starts("fri+2-1830"));
        ren.ask_about(&town, event, WORDS, false).await;
        assert_eq!(ren.refusals(), ["event_passed"]);
        assert_eq!(town.count("select count(*) from questions").await, 10);
    }

    /// By a form, without code; and the page of somebody else reads it without a name.
    async fn a_form_asks_too(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let aoi = town.browser_of("aoi");
        aoi.post(&format!("/event/{event}/ask"), &[("question", WORDS)]).await;
        let page = town.browser_of("ren").get(&format!("/event/{event}")).await.page();
        assert!(page.contains(WORDS) && page.contains("名前なし") && !page.contains("青井"), "{page}");
        let wrong = aoi.post(&format!("/event/{event}/ask"), &[("question", "")]).await;
        assert!(wrong.status.is_redirection() || wrong.status.is_client_error());
        assert_eq!(town.count("select count(*) from questions").await, 1);
    }

    /// Whoever leaves asks nothing any more.
    async fn who_leaves_takes_questions_along(town) {
        let crowd = town.crowd(1).await;
        let event = town.invite_to_dinner(5, |_| {}).await;
        look(&[&crowd[0]]).await;
        let id = crowd[0].ask_about(&town, event, WORDS, true).await;
        let ren = town.loaded_phone_of("ren").await;
        assert!(read(&ren, id).is_some());
        town.crowd_leaves().await;
        look(&[&ren]).await;
        assert_eq!(read(&ren, id), None);
        town.assert_projection_is_rebuild().await;
    }
}
