//! Small groups: dealt by who plans, read by who comes, named as far as each allows, and left at once.

use std::collections::BTreeSet;

use domain::{
    breakout::{MOST_APART, placements},
    event::{Answer, RemoveGuest, ReplyTo, WriteEvent},
    id::{EventId, MemberId},
    sync::mutation::Mutation,
    time::DAY,
};
use futures::future::join_all;
use tests::{
    Device, Town, both_engines,
    gathering::{AFAR, HERE, dinner},
    village::{cast, starts},
};

async fn phones<const N: usize>(town: &Town, keys: [&str; N]) -> [Device; N] {
    let phones = join_all(keys.map(|key| town.loaded_phone_of(key))).await;
    phones
        .try_into()
        .unwrap_or_else(|_| unreachable!("as many phones as keys"))
}

async fn all_say(phones: &[Device], event: EventId, answer: Answer) {
    join_all(phones.iter().map(|it| it.answer(event, answer))).await;
}

/// Comes, and lets the others read the name or not.
async fn come(phone: &Device, event: EventId, is_named: bool) {
    let answer = HERE;
    phone
        .wish(Mutation::Reply(ReplyTo {
            event,
            answer,
            is_named,
        }))
        .await;
}

async fn rewrite(sato: &Device, event: EventId, with: impl FnOnce(&mut WriteEvent)) {
    let mut it = dinner(event, 90, starts("fri-1830"));
    with(&mut it);
    sato.wish(Mutation::WriteEvent(Box::new(it))).await;
}

/// Who sits with whom.
fn pairs(groups: &[Vec<MemberId>]) -> BTreeSet<(MemberId, MemberId)> {
    let all = groups
        .iter()
        .flat_map(|group| group.iter().flat_map(|it| group.iter().map(|o| (*it, *o))));
    all.filter(|(one, other)| one < other).collect()
}

both_engines! {
    /// Each reads with whom: by name who allowed it, the others as a number.
    async fn who_did_not_ask_to_be_named_is_counted(town) {
        let event = town.invite_to_dinner(20, |_| {}).await;
        let [aoi, ren, mei, sato] = phones(&town, ["aoi", "ren", "mei", "sato"]).await;
        come(&aoi, event, true).await;
        come(&ren, event, false).await;
        come(&mei, event, false).await;
        assert_eq!(aoi.group_in(event), "", "nobody is in a group before somebody deals");
        sato.deal(event, &[]).await;
        assert_eq!(sato.refusals(), Vec::<String>::new());
        join_all([&aoi, &ren, &mei].map(Device::sync)).await;
        assert_eq!([aoi.group_in(event), ren.group_in(event), mei.group_in(event)], ["1:  +2", "1: 青井 葵 +1", "1: 青井 葵 +1"]);
        for key in ["ren", "mei"] {
            let rows = aoi.rows();
            let id = cast(key).id().to_string();
            let is_told = |body: &str| body.contains(&id) || body.contains(cast(key).name);
            assert!(!rows.iter().any(|it| it.0.starts_with("breakout") && it.4.as_ref().is_some_and(|it| is_told(it.get()))), "{key}");
        }
        // Those who plan read all of them; the page says so, and works before any script does.
        assert_eq!(sato.groups_of(event).concat().len(), 3);
        let page = town.browser_of("sato").get(&format!("/staff/events/{event}")).await.text();
        assert!(page.contains("グループ1") && page.contains("グループを作り直す"), "{page}");
        let page = town.browser_of("ren").get(&format!("/event/{event}")).await.text();
        assert!(page.contains("グループ1") && page.contains("青井 葵、ほか1人") && page.contains("話のきっかけ"), "{page}");
        assert!(!page.contains(cast("mei").name));
        // Somebody thinks again about the name.
        come(&ren, event, true).await;
        come(&aoi, event, false).await;
        join_all([&aoi, &mei].map(Device::sync)).await;
        assert_eq!([aoi.group_in(event), mei.group_in(event)], ["1: 蓮見 蓮 +1", "1: 蓮見 蓮 +1"]);
        town.assert_projection_is_rebuild().await;
    }

    /// Forty people; four say no and four others come: nearly everybody stays where they were, and twice is as good as once.
    async fn a_re_run_leaves_people_where_they_were(town) {
        let event = town.invite_to_dinner(90, |_| {}).await;
        let crowd = town.crowd(44).await;
        let sato = town.loaded_phone_of("sato").await;
        all_say(&crowd[..40], event, HERE).await;
        sato.deal(event, &[]).await;
        let first = sato.groups_of(event);
        assert!(first.len() == 10 && first.iter().all(|it| it.len() == 4), "{first:?}");
        sato.deal(event, &[]).await;
        assert_eq!(sato.groups_of(event), first);
        all_say(&crowd[..4], event, Answer::Declined).await;
        all_say(&crowd[40..], event, HERE).await;
        sato.sync().await;
        assert_eq!(sato.groups_of(event).concat().len(), 36, "who said no is gone, who is new waits for the next dealing");
        join_all(crowd.iter().map(Device::sync)).await;
        let n_in = |some: &[Device]| some.iter().filter(|it| !it.group_in(event).is_empty()).count();
        assert_eq!((n_in(&crowd[..4]), n_in(&crowd[4..40]), n_in(&crowd[40..])), (0, 36, 0));
        sato.deal(event, &[]).await;
        let second = sato.groups_of(event);
        let placements = placements(&first, &second);
        assert!(placements.kept.len() * 100 >= 80 * 36, "{} of 36 stayed", placements.kept.len());
        join_all(crowd.iter().map(Device::sync)).await;
        assert_eq!((n_in(&crowd[..4]), n_in(&crowd[4..])), (0, 40));
        town.assert_projection_is_rebuild().await;
    }

    /// A place given back, or taken back, is nobody's seat from that moment, on every screen.
    async fn who_leaves_vanishes_at_once(town) {
        let event = town.invite_to_dinner(20, |_| {}).await;
        let [aoi, ren, mei, sato] = phones(&town, ["aoi", "ren", "mei", "sato"]).await;
        for phone in [&aoi, &ren, &mei] {
            come(phone, event, true).await;
        }
        sato.deal(event, &[]).await;
        ren.answer(event, Answer::Declined).await;
        join_all([&aoi, &mei, &sato].map(Device::sync)).await;
        assert_eq!([aoi.group_in(event), ren.group_in(event), mei.group_in(event)], ["1: 王 芽衣 +0", "", "1: 青井 葵 +0"]);
        assert!(!sato.groups_of(event).concat().contains(&cast("ren").id()));
        let mei_id = cast("mei").id();
        sato.wish(Mutation::RemoveGuest(RemoveGuest { event, member: mei_id, word: "席の都合です。".into() })).await;
        join_all([&aoi, &mei].map(Device::sync)).await;
        assert_eq!([aoi.group_in(event), mei.group_in(event)], ["1:  +0", ""]);
        assert_eq!(sato.groups_of(event), [vec![cast("aoi").id()]]);
        // Who comes back before anything was dealt anew finds the seat as it was.
        ren.answer(event, HERE).await;
        aoi.sync().await;
        assert_eq!([ren.group_in(event), aoi.group_in(event)].map(|it| it.starts_with("1: ")), [true, true]);
        town.assert_projection_is_rebuild().await;
    }

    /// HR and the hosts of this very event deal; for anybody else it is not there, and neither are the groups.
    async fn only_who_plans_deals(town) {
        let event = town.invite_to_dinner(20, |_| {}).await;
        let [aoi, mio, doi, sato] = phones(&town, ["aoi", "mio", "doi", "sato"]).await;
        come(&aoi, event, true).await;
        for phone in [&aoi, &mio, &doi] {
            phone.deal(event, &[]).await;
            assert_eq!(phone.refusals(), ["not_there"]);
        }
        assert_eq!(town.count("select count(*) from breakouts").await, 0);
        sato.deal(event, &[]).await;
        mio.sync().await;
        assert!(mio.rows().iter().all(|it| !it.0.contains("breakout")));
        // Mio becomes a host, and is none again.
        rewrite(&sato, event, |it| it.hosts = vec![cast("mio").id()]).await;
        mio.sync().await;
        assert_eq!(mio.groups_of(event).concat(), [cast("aoi").id()]);
        mio.read_outcomes().await;
        mio.deal(event, &[]).await;
        assert_eq!(mio.refusals(), Vec::<String>::new());
        rewrite(&sato, event, |_| {}).await;
        mio.sync().await;
        assert_eq!(mio.groups_of(event), Vec::<Vec<MemberId>>::new());
        town.assert_projection_is_rebuild().await;
    }

    /// Nobody sits with somebody online, and two who are to be apart are; whoever plans may say so for a hundred pairs.
    async fn each_way_is_dealt_by_itself_and_pairs_are_kept_apart(town) {
        let event = town.invite_to_dinner(20, |it| {
            it.link = "https://meet.example.jp/dinner".into();
            it.online = Some(20);
        }).await;
        let crowd = town.crowd(13).await;
        let sato = town.loaded_phone_of("sato").await;
        all_say(&crowd[..8], event, HERE).await;
        all_say(&crowd[8..], event, AFAR).await;
        let ids: Vec<MemberId> = crowd.iter().map(Device::member).collect();
        let apart = [(ids[1], ids[0]), (ids[0], ids[1]), (ids[2], ids[3])];
        sato.deal(event, &apart).await;
        let groups = sato.groups_of(event);
        assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 5]);
        assert!(groups[2].iter().all(|it| ids[8..].contains(it)), "the last group is online");
        let together = pairs(&groups);
        for (one, other) in apart {
            assert!(!together.contains(&(one.min(other), one.max(other))));
        }
        assert_eq!(sato.seen().view.event_breakouts[&event].apart.len(), 2, "a pair said twice is one");
        let many: Vec<_> = (0..=MOST_APART).map(|it| (ids[0], MemberId::random(it as u128))).collect();
        for wrong in [&many[..], &[(ids[0], ids[0])]] {
            sato.deal(event, wrong).await;
            assert_eq!(sato.refusals(), ["field_wrong"]);
            sato.read_outcomes().await;
        }
        assert_eq!(sato.groups_of(event), groups);
        town.assert_projection_is_rebuild().await;
    }

    /// At the next event one meets somebody new.
    async fn who_sat_together_is_mixed_the_next_time(town) {
        let [first, second] = [town.invite_to_dinner(90, |_| {}).await, town.invite_to_dinner(90, |it| it.starts = starts("fri+1-1830")).await];
        let crowd = town.crowd(16).await;
        let sato = town.loaded_phone_of("sato").await;
        for event in [first, second] {
            all_say(&crowd, event, HERE).await;
            sato.deal(event, &[]).await;
        }
        let (before, after) = (pairs(&sato.groups_of(first)), pairs(&sato.groups_of(second)));
        assert_eq!((before.len(), after.len()), (24, 24));
        assert_eq!(before.intersection(&after).count(), 0, "sixteen people can all meet three new ones");
        town.assert_projection_is_rebuild().await;
    }

    /// A draft, an event that was called off and one that is over have no groups to make.
    async fn groups_are_made_while_somebody_can_still_come(town) {
        let sato = town.loaded_phone_of("sato").await;
        let draft = EventId::born(town.now(), town.chance());
        sato.wish(Mutation::WriteEvent(Box::new(dinner(draft, 5, starts("fri-1830"))))).await;
        sato.deal(draft, &[]).await;
        assert_eq!(sato.refusals(), ["not_there"]);
        sato.read_outcomes().await;
        let event = town.invite_to_dinner(5, |_| {}).await;
        town.call_off(event, "台風のため中止します。").await;
        sato.deal(event, &[]).await;
        assert_eq!(sato.refusals(), ["event_cancelled"]);
        sato.read_outcomes().await;
        let over = town.invite_to_dinner(5, |_| {}).await;
        town.move_to(starts("fri-1830") + DAY);
        sato.deal(over, &[]).await;
        assert_eq!(sato.refusals(), ["event_passed"]);
    }
}
