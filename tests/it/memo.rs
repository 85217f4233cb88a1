//! 当日のメモ: what was said at an event reaches everybody who was invited, and nobody else; only those who plan write it.

use domain::{
    event::{Invited, WriteMemo},
    id::EventId,
    sync::mutation::Mutation,
};
use tests::{
    Device, Town, both_engines,
    gathering::HERE,
    village::{cast, starts},
};

const TEXT: &str = "来てくださった方、ありがとうございました。\n\n- 集合は**3階**です";
const LINK: &str = "https://meet.example.jp/recordings/1";

async fn tell(phone: &Device, event: EventId, text: &str, recording: &str) {
    let wish = WriteMemo {
        event,
        text: text.into(),
        text_en: String::new(),
        recording: recording.into(),
    };
    phone.wish(Mutation::WriteMemo(wish)).await;
}

/// What a phone reads of an event that is over: the text, and the recording's address.
fn read(phone: &Device, event: EventId) -> Option<(String, String)> {
    let seen = phone.seen();
    let memo = seen.view.events.get(&event)?.memo.as_ref()?;
    let text = memo.text.as_ref().map(|it| it.ja.clone());
    let link = memo.recording.as_deref().unwrap_or_default();
    Some((text.unwrap_or_default(), link.to_owned()))
}

/// The dinner has begun.
fn begin(town: &Town) {
    town.move_to(starts("fri-1830") + domain::time::HOUR);
}

both_engines! {
    /// Whoever came, whoever did not, and who never answered: all were invited.
    async fn what_was_said_reaches_everybody_who_was_invited(town) {
        let event = town.invite_to_dinner(5, |it| it.hosts = vec![cast("mio").id()]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        aoi.answer(event, HERE).await;
        begin(&town);
        let mio = town.loaded_phone_of("mio").await;
        tell(&mio, event, TEXT, LINK).await;
        assert_eq!(mio.refusals(), Vec::<String>::new());
        for phone in [&aoi, &ren] {
            phone.sync().await;
            let (text, link) = read(phone, event).expect("a memo");
            assert!(text.contains("<strong>3階</strong>"), "{text}");
            assert_eq!(link, LINK);
        }
        town.assert_projection_is_rebuild().await;
        // Written anew, it is the newer one; taken away, nobody reads it any more.
        tell(&mio, event, "訂正: 4階です", "").await;
        ren.sync().await;
        assert_eq!(read(&ren, event).expect("a memo").1, "");
        tell(&mio, event, " ", "").await;
        ren.sync().await;
        assert_eq!(read(&ren, event), None);
        town.assert_projection_is_rebuild().await;
    }

    /// An event that has not begun has nothing to tell; one that was called off never has.
    async fn there_is_a_time_for_it(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let sato = town.loaded_phone_of("sato").await;
        tell(&sato, event, TEXT, "").await;
        town.call_off(event, "台風のため").await;
        begin(&town);
        tell(&sato, event, TEXT, "").await;
        assert_eq!(sato.refusals(), ["event_ahead", "event_cancelled"]);
        assert_eq!(town.count("select count(*) from events where memo is not null").await, 0);
    }

    /// What is wrong is named; what was typed comes back.
    async fn a_wrong_link_is_named(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        begin(&town);
        let sato = town.loaded_phone_of("sato").await;
        tell(&sato, event, TEXT, "http://meet.example.jp").await;
        assert_eq!(sato.refusals(), ["not_https"]);
        assert!(format!("{:?}", sato.outcomes()).contains("集合は"));
    }

    /// Only HR and the hosts of the event write it; who was not invited does not read it.
    async fn it_is_for_those_who_were_invited(town) {
        let chosen = vec![cast("aoi").id()];
        let event = town.invite_to_dinner(5, |it| it.invited = Invited::Chosen(chosen)).await;
        begin(&town);
        let (aoi, ren, mio) = (
            town.loaded_phone_of("aoi").await,
            town.loaded_phone_of("ren").await,
            town.loaded_phone_of("mio").await,
        );
        for stranger in [&mio, &aoi] {
            tell(stranger, event, TEXT, "").await;
            assert_eq!(stranger.refusals(), ["not_there"]);
        }
        tell(&town.loaded_phone_of("sato").await, event, TEXT, "").await;
        for phone in [&aoi, &ren] {
            phone.sync().await;
        }
        assert!(read(&aoi, event).is_some() && read(&ren, event).is_none());
    }
}
