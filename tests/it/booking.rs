//! Booking: asking, moving, cancelling, closing, limits; by phone and by form.

use app::booking::wish_value;
use domain::{
    booking::{
        CloseAvailability, HostSlotState, Limits, OpenAvailability, OpenSlot, Pattern, Place, Slot,
    },
    id::{AvailabilityId, BookingId, SlotId},
    sync::mutation::Mutation,
    time::{DAY, HOUR, MINUTE, Time, Weekday},
};
use expect_test::expect;
use tests::{
    Device, Town, both_engines,
    village::{cast, clock, day, opening, starts},
};

/// A weekly rule of a host: every Tuesday of next week, ten to eleven.
fn rule(town: &Town, change: impl FnOnce(&mut OpenAvailability)) -> (AvailabilityId, Mutation) {
    let availability = AvailabilityId::born(town.now(), town.chance());
    let mut it = OpenAvailability {
        availability,
        pattern: Pattern {
            days: vec![Weekday::Tuesday],
            from: clock(10, 0),
            to: clock(11, 0),
            buffer: 0,
            first: day(2030, 11, 11),
            last: day(2030, 11, 17),
            weekly_cap: None,
        },
        place: "会議室 A".into(),
        link: String::new(),
        note: String::new(),
    };
    change(&mut it);
    (availability, Mutation::OpenAvailability(it))
}

/// Gives the slots of a rule names, so that stories can speak of them.
fn know(town: &Town, host: &str, availability: AvailabilityId, names: &[&str]) {
    for name in names {
        let starts = starts(name);
        let place: Place = serde_json::from_str(r#"{"at":"会議室 A"}"#).unwrap();
        town.know(
            name,
            Slot {
                id: SlotId::yielded(availability, starts),
                host: cast(host).id(),
                starts,
                place,
                note: None,
            },
        );
    }
}

async fn limits(sato: &Device, change: impl FnOnce(&mut Limits)) {
    let mut limits = Limits::default();
    change(&mut limits);
    sato.wish(Mutation::SetLimits(limits)).await;
    assert_eq!(sato.refusals(), Vec::<String>::new());
}

both_engines! {
    /// The story of the product: two phones, one of them in a tunnel, one slot.
    async fn the_second_phone_does_not_get_a_taken_slot(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        aoi.offline();
        aoi.ask_for(["tue-1000", "tue-1015"]).await;
        ren.ask_for(["tue-1000"]).await;
        aoi.online().await;
        expect![["aoi: tue-1015\nren: tue-1000"]].assert_eq(&town.show("bookings").await);
        assert_eq!(aoi.refusals(), Vec::<String>::new(), "the second wish was granted");
    }

    /// A taken slot is gone from the other phones with their next pull, and comes back when it is given up.
    async fn a_taken_slot_leaves_and_comes_back(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        let booking = aoi.ask_for(["tue-1000"]).await;
        ren.sync().await;
        assert_eq!(ren.free(), ["tue-1015"]);
        aoi.cancel(booking).await;
        ren.sync().await;
        assert_eq!(ren.free(), ["tue-1000", "tue-1015"]);
        assert_eq!(town.show("cancellations").await, "aoi: tue-1000");
    }

    /// A move keeps the booking's name, counts its changes, and keeps the old time when the new one is gone.
    async fn a_move_keeps_the_old_time_when_it_is_refused(town) {
        town.open("mio", ["tue-1000", "tue-1015", "wed-1000"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        let booking = aoi.ask_for(["tue-1000"]).await;
        aoi.offline();
        aoi.move_to(booking, ["tue-1015"]).await;
        ren.ask_for(["tue-1015"]).await;
        aoi.online().await;
        assert_eq!((aoi.booked(), aoi.refusals()), (vec!["tue-1000".to_owned()], vec!["slot_taken".to_owned()]));
        aoi.read_outcomes().await;
        aoi.move_to(booking, ["wed-1000"]).await;
        assert_eq!(town.show("bookings").await, "aoi: wed-1000\nren: tue-1015");
        let held = aoi.machine().replica().view().bookings[&booking].clone();
        assert_eq!(held.sequence, 1);
        assert!(held.ics.contains("SEQUENCE:1") && held.ics.contains(&booking.to_string()), "{}", held.ics);
        // The old time is free for others, and for oneself.
        ren.sync().await;
        assert_eq!(ren.free(), ["tue-1000"]);
    }

    /// To another host: the first one's row is withdrawn.
    async fn a_move_to_another_host_leaves_the_first(town) {
        town.open("mio", ["tue-1000"]).await;
        town.open("sato", ["wed-1000@sato"]).await;
        let (aoi, mio, sato) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("mio").await, town.loaded_phone_of("sato").await);
        let booking = aoi.ask_for(["tue-1000"]).await;
        mio.sync().await;
        assert!(mio.machine().replica().view().host_bookings.contains_key(&booking));
        aoi.move_to(booking, ["wed-1000@sato"]).await;
        mio.sync().await;
        sato.sync().await;
        assert!(!mio.machine().replica().view().host_bookings.contains_key(&booking));
        assert!(sato.machine().replica().view().host_bookings.contains_key(&booking));
        assert_eq!(town.show("slots").await, "mio: tue-1000");
        town.assert_projection_is_rebuild().await;
    }

    /// Closing a booked slot asks for a word, and the word arrives.
    async fn closing_a_booked_slot_asks_for_a_word(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let (aoi, mio) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("mio").await);
        let booking = aoi.ask_for(["tue-1000"]).await;
        mio.close("tue-1000", "  ").await;
        assert_eq!((mio.refusals(), town.show("bookings").await), (vec!["word_needed".to_owned()], "aoi: tue-1000".to_owned()));
        mio.read_outcomes().await;
        mio.close("tue-1000", "急な出張が入りました。ごめんなさい。").await;
        assert_eq!(town.show("cancellations").await, "mio: tue-1000 急な出張が入りました。ごめんなさい。");
        aoi.sync().await;
        assert!(!aoi.machine().replica().view().bookings[&booking].is_live(), "the booking is shown as called off");
        assert!(format!("{:?}", aoi.machine().replica().view().bookings[&booking]).contains("急な出張"));
        assert_eq!(aoi.free(), ["tue-1015"]);
        // What the slot held is free again: both can use the time anew.
        town.open("mio", ["tue-1000@again"]).await;
        aoi.sync().await;
        aoi.ask_for(["tue-1000@again"]).await;
        assert_eq!(aoi.booked(), ["tue-1000@again"]);
    }

    /// HR closes anybody's slot; another mentor, an offer-holder or the desk officer closes none.
    async fn only_its_host_and_hr_close_a_slot(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        for who in ["aoi", "doi"] {
            let phone = town.loaded_phone_of(who).await;
            phone.close("tue-1000", "x").await;
            assert_eq!(phone.refusals(), ["not_there"], "{who}");
        }
        let sato = town.loaded_phone_of("sato").await;
        sato.close("tue-1000", "").await;
        assert_eq!((sato.refusals(), town.show("slots").await), (vec![], "mio: tue-1015".to_owned()));
    }

    /// HR closes a booked slot for a mentor who cannot: with a word, which the person reads, as from the mentor.
    async fn hr_closes_a_booked_slot_for_its_host(town) {
        town.open("mio", ["tue-1000"]).await;
        let (aoi, mio, sato) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("mio").await, town.loaded_phone_of("sato").await);
        let booking = aoi.ask_for(["tue-1000"]).await;
        sato.sync().await;
        // What HR's screen is drawn from: that it is booked, and not by whom.
        let slot = sato.machine().replica().view().host_slots[&town.slot("tue-1000").id].clone();
        assert_eq!((slot.host, slot.state), (cast("mio").id(), HostSlotState::Taken(booking)));
        assert!(sato.machine().replica().view().host_bookings.is_empty());
        sato.close("tue-1000", "").await;
        assert_eq!((sato.refusals(), town.show("bookings").await), (vec!["word_needed".to_owned()], "aoi: tue-1000".to_owned()));
        sato.close("tue-1000", "森が体調を崩しました。").await;
        assert_eq!(town.show("cancellations").await, "sato: tue-1000 森が体調を崩しました。");
        for phone in [&aoi, &mio] {
            phone.sync().await;
            phone.assert_converged().await;
        }
        assert!(format!("{:?}", aoi.machine().replica().view().bookings[&booking]).contains("体調を崩しました"));
        assert!(!mio.machine().replica().view().host_bookings[&booking].is_live(), "and the mentor sees that it is off");
        town.assert_projection_is_rebuild().await;
    }

    /// Every no of the rules, by its code.
    async fn limits_hold_in_tokyo_days(town) {
        town.open("mio", ["tue-1000", "tue-1100", "tue-1200", "tue-1300", "wed-1000", "thu-1000"]).await;
        town.open("sato", ["tue-1005@sato", "tue-1400@sato", "fri-1000@sato"]).await;
        let sato = town.loaded_phone_of("sato").await;
        let (aoi, ren, mei) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await, town.loaded_phone_of("mei").await);
        aoi.ask_for(["tue-1000"]).await;
        aoi.ask_for(["tue-1005@sato"]).await;
        assert_eq!(aoi.refusals(), ["already_then"], "nobody can be in two places");
        aoi.read_outcomes().await;
        aoi.ask_for(["tue-1100"]).await;
        aoi.ask_for(["tue-1400@sato"]).await;
        assert_eq!(aoi.refusals(), ["day_full"], "two on one day");
        aoi.read_outcomes().await;
        aoi.ask_for(["wed-1000"]).await;
        aoi.ask_for(["thu-1000"]).await;
        assert_eq!(aoi.refusals(), ["ahead_full"], "three that lie ahead");

        limits(&sato, |it| it.host_per_day = 3).await;
        ren.sync().await;
        ren.ask_for(["tue-1200"]).await;
        mei.ask_for(["tue-1300"]).await;
        assert_eq!(mei.refusals(), ["host_day_full"]);
        mei.sync().await;
        assert!(!mei.free().contains(&"tue-1300".to_owned()), "a full day leaves the phones: {:?}", mei.free());
        limits(&sato, |it| it.host_per_day = 4).await;
        mei.sync().await;
        assert!(mei.free().contains(&"tue-1300".to_owned()), "and comes back with a new limit");

        limits(&sato, |it| it.lead_minutes = 24 * 60).await;
        town.move_to(starts("fri-1000@sato").plus(-23 * HOUR));
        ren.ask_for(["fri-1000@sato"]).await;
        assert_eq!(ren.refusals(), ["too_soon"]);
        town.move_to(starts("fri-1000@sato").plus(1));
        ren.read_outcomes().await;
        ren.ask_for(["fri-1000@sato"]).await;
        assert_eq!(ren.refusals(), ["slot_passed"]);
        town.assert_projection_is_rebuild().await;
    }

    /// Limits are set by HR and the owner, and only to what makes sense.
    async fn limits_are_hrs_to_set(town) {
        for (who, code) in [("mio", "not_there"), ("aoi", "not_there"), ("doi", "not_there")] {
            let phone = town.loaded_phone_of(who).await;
            phone.wish(Mutation::SetLimits(Limits::default())).await;
            assert_eq!(phone.refusals(), [code], "{who}");
        }
        let owner = town.loaded_phone_of("kawai").await;
        owner.wish(Mutation::SetLimits(Limits { member_ahead: 0, ..Limits::default() })).await;
        assert_eq!(owner.refusals(), ["field_wrong"]);
        owner.read_outcomes().await;
        owner.wish(Mutation::SetLimits(Limits { member_ahead: 5, ..Limits::default() })).await;
        assert_eq!(owner.refusals(), Vec::<String>::new());
        let aoi = town.loaded_phone_of("aoi").await;
        assert_eq!(aoi.machine().replica().view().limits().member_ahead, 5);
    }

    /// A weekly cap that is reached takes the rest of the week away, and gives it back.
    async fn a_weekly_cap_withdraws_the_rest_of_the_week(town) {
        let mio = town.loaded_phone_of("mio").await;
        let (id, open) = rule(&town, |it| it.pattern.weekly_cap = Some(2));
        mio.wish(open).await;
        know(&town, "mio", id, &["tue-1000", "tue-1015", "tue-1030", "tue-1045"]);
        let (aoi, ren, mei) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await, town.loaded_phone_of("mei").await);
        assert_eq!(aoi.free().len(), 4);
        let first = aoi.ask_for(["tue-1000"]).await;
        ren.ask_for(["tue-1015"]).await;
        mei.ask_for(["tue-1030"]).await;
        assert_eq!(mei.refusals(), ["host_week_full"]);
        mei.sync().await;
        assert_eq!(mei.free(), Vec::<String>::new());
        aoi.cancel(first).await;
        mei.sync().await;
        assert_eq!(mei.free(), ["tue-1000", "tue-1030", "tue-1045"]);
        town.assert_projection_is_rebuild().await;
    }

    /// A week is filled, and freed, by bookings of slots that have no cap themselves.
    async fn a_weekly_cap_counts_every_interview_of_the_week(town) {
        let mio = town.loaded_phone_of("mio").await;
        let (id, open) = rule(&town, |it| it.pattern.weekly_cap = Some(2));
        mio.wish(open).await;
        know(&town, "mio", id, &["tue-1000", "tue-1015", "tue-1030", "tue-1045"]);
        town.open("mio", ["thu-1000", "thu-1100"]).await;
        let (aoi, ren, mei) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await, town.loaded_phone_of("mei").await);
        let first = aoi.ask_for(["thu-1000"]).await;
        ren.ask_for(["thu-1100"]).await;
        mei.sync().await;
        assert_eq!(mei.free(), Vec::<String>::new());
        town.assert_projection_is_rebuild().await;
        aoi.cancel(first).await;
        mei.sync().await;
        assert_eq!(mei.free(), ["tue-1000", "tue-1015", "tue-1030", "tue-1045", "thu-1000"]);
        town.assert_projection_is_rebuild().await;
    }

    /// A rule yields its slots without holidays; ended, it takes the free ones along and leaves the booked ones.
    async fn a_weekly_rule_skips_holidays_and_ends(town) {
        let mio = town.loaded_phone_of("mio").await;
        // Saturday 2030-11-23 is Labour Thanksgiving Day.
        let (id, open) = rule(&town, |it| {
            it.pattern.days = vec![Weekday::Tuesday, Weekday::Saturday];
            it.pattern.to = clock(10, 30);
            it.pattern.buffer = 5;
            it.pattern.last = day(2030, 11, 24);
        });
        mio.wish(open).await;
        assert_eq!(mio.refusals(), Vec::<String>::new());
        know(&town, "mio", id, &["tue-1000", "sat-1000", "tue+1-1000"]);
        let aoi = town.loaded_phone_of("aoi").await;
        assert_eq!(aoi.free(), ["tue-1000", "sat-1000", "tue+1-1000"]);
        aoi.ask_for(["tue-1000"]).await;
        mio.wish(Mutation::CloseAvailability(CloseAvailability { availability: id })).await;
        aoi.sync().await;
        assert_eq!((aoi.free(), aoi.booked()), (vec![], vec!["tue-1000".to_owned()]));
        assert!(mio.machine().replica().view().availabilities.is_empty());
        town.assert_projection_is_rebuild().await;
    }

    /// Overlaps of one host are impossible: by five minutes, by a rule, from two devices.
    async fn a_host_is_in_one_place(town) {
        town.open("mio", ["tue-1000"]).await;
        let mio = town.loaded_phone_of("mio").await;
        for (at, code) in [("tue-0950", "slots_overlap"), ("tue-1010", "slots_overlap"), ("tue-1000", "slots_overlap")] {
            let (slot, starts) = (SlotId::born(town.now(), town.chance()), starts(at));
            mio.wish(Mutation::OpenSlot(OpenSlot { slot, starts, place: "A".into(), link: String::new(), note: String::new() })).await;
            assert_eq!(mio.refusals(), [code], "{at}");
            mio.read_outcomes().await;
        }
        let (_, open) = rule(&town, |_| {});
        mio.wish(open).await;
        assert_eq!(mio.refusals(), ["slots_overlap"]);
        assert_eq!(town.count("select count(*) from slots").await, 1, "and nothing of the rule is left");
        assert_eq!(town.count("select count(*) from availabilities").await, 0);
        town.assert_projection_is_rebuild().await;
    }

    /// A link is https and goes only to whoever booked.
    async fn a_meeting_link_is_for_who_booked(town) {
        let mio = town.loaded_phone_of("mio").await;
        let slot = SlotId::born(town.now(), town.chance());
        let open = |link: &str| {
            Mutation::OpenSlot(OpenSlot { slot, starts: starts("tue-1000"), place: String::new(), link: link.into(), note: String::new() })
        };
        mio.wish(open("http://meet.example.jp/x")).await;
        assert_eq!(mio.refusals(), ["not_https"]);
        mio.read_outcomes().await;
        mio.wish(open("https://meet.example.jp/secret")).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let ren = town.loaded_phone_of("ren").await;
        let shown = serde_json::to_string(&aoi.rows()).unwrap();
        assert!(!shown.contains("secret"), "nobody sees the link before they booked");
        let known = aoi.machine().replica().view().slots[&slot].clone();
        town.know("tue-1000", known);
        aoi.ask_for(["tue-1000"]).await;
        ren.sync().await;
        assert!(serde_json::to_string(&aoi.rows()).unwrap().contains("secret"));
        assert!(!serde_json::to_string(&ren.rows()).unwrap().contains("secret"));
    }

    /// What somebody asked for is not what they get when place or time changed meanwhile.
    async fn what_changed_meanwhile_is_not_booked(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let mut seen = town.slot("tue-1000");
        seen.starts = seen.starts + 15 * MINUTE;
        town.know("tue-1000", seen);
        aoi.ask_for(["tue-1000"]).await;
        assert_eq!((aoi.refusals(), aoi.booked()), (vec!["slot_changed".to_owned()], vec![]));
    }

    /// What was typed is not lost with a no.
    async fn words_survive_a_refusal(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        ren.ask_for(["tue-1000"]).await;
        aoi.ask_with(["tue-1000"], "配属について", "東京と大阪の違い", "家族のこと").await;
        let outcome = aoi.outcomes().pop().unwrap();
        let about = serde_json::to_string(&outcome.about).unwrap();
        for words in ["配属について", "東京と大阪の違い", "家族のこと"] {
            assert!(about.contains(words), "{about}");
        }
    }

    /// Bookings are their owners': nobody else cancels or moves them, and cannot tell that they are there.
    async fn a_booking_is_its_owners(town) {
        town.open("mio", ["tue-1000", "tue-1015"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        let booking = aoi.ask_for(["tue-1000"]).await;
        ren.cancel(booking).await;
        ren.cancel(BookingId::born(town.now(), town.chance())).await;
        assert_eq!(ren.refusals(), ["not_there", "not_there"]);
        ren.read_outcomes().await;
        ren.move_to(booking, ["tue-1015"]).await;
        assert_eq!(ren.refusals(), ["not_there"]);
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
        let mio = town.loaded_phone_of("mio").await;
        mio.ask_for(["tue-1015"]).await;
        assert_eq!(mio.refusals(), ["not_there"], "hosts do not book");
    }

    /// A booking that began is neither moved nor cancelled.
    async fn what_began_stays(town) {
        town.open("mio", ["tue-1000", "tue-1100"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let booking = aoi.ask_for(["tue-1000"]).await;
        town.move_to(starts("tue-1000"));
        aoi.cancel(booking).await;
        aoi.move_to(booking, ["tue-1100"]).await;
        assert_eq!(aoi.refusals(), ["booking_passed", "booking_passed"]);
        let mio = town.loaded_phone_of("mio").await;
        mio.close("tue-1000", "x").await;
        assert_eq!(mio.refusals(), ["slot_passed"]);
    }

    /// Eight weeks are on the phones; the day turns, and one more comes.
    async fn eight_weeks_are_on_the_phones(town) {
        town.open("mio", ["tue-1000", "tue+6-1000", "tue+9-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        assert_eq!(aoi.free(), ["tue-1000", "tue+6-1000"]);
        town.move_to(starts("tue+1-1000"));
        for _ in 0..15 {
            town.run_jobs().await;
            town.pass(DAY);
        }
        aoi.sync().await;
        assert!(!aoi.free().contains(&"tue-1000".to_owned()), "what is over is gone: {:?}", aoi.free());
        assert!(aoi.free().contains(&"tue+9-1000".to_owned()), "what comes near is there: {:?}", aoi.free());
        aoi.assert_converged().await;
    }

    /// Without code: the form posts the same wish and leads to the same result.
    async fn forms_do_what_the_phone_does(town) {
        town.open("mio", ["tue-1000", "tue-1015", "wed-1000"]).await;
        let browser = town.browser_of("aoi");
        let (slot, second) = (town.slot("tue-1000"), town.slot("tue-1015"));
        let fields = [("wish1", wish_value(&slot)), ("wish2", wish_value(&second)), ("topic", "配属".to_owned())];
        let fields: Vec<_> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
        let reply = browser.post("/booking/ask", &fields).await;
        assert_eq!(reply.status.as_u16(), 303);
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
        let page = reply.header("location").split('?').next().unwrap().to_owned();
        assert_eq!(browser.get(&page).await.status.as_u16(), 200);

        let phone = town.loaded_phone_of("aoi").await;
        assert_eq!(phone.booked(), ["tue-1000"], "the phone sees what the form did");
        let third = town.slot("wed-1000");
        browser.submit(&format!("{page}/move"), &[("wish1", &wish_value(&third))]).await;
        assert_eq!(town.show("bookings").await, "aoi: wed-1000");
        browser.submit(&format!("{page}/cancel"), &[]).await;
        assert_eq!(town.show("bookings").await, "");
        phone.sync().await;
        phone.assert_converged().await;
        // A form's no is an outcome row like any other.
        town.loaded_phone_of("ren").await.ask_for(["tue-1000"]).await;
        let reply = browser.post("/booking/ask", &fields[..1]).await;
        assert!(reply.header("location").contains("slot%5Ftaken"), "{}", reply.header("location"));
        phone.sync().await;
        assert_eq!(phone.refusals(), ["slot_taken"]);
        // One tap on what is offered instead: booked, and the refusal is read.
        let read = phone.outcomes().last().unwrap().mutation.to_string();
        browser.submit("/booking/ask", &[("wish1", &wish_value(&second)), ("read", &read)]).await;
        phone.sync().await;
        assert_eq!((phone.booked(), phone.refusals()), (vec!["tue-1015".to_owned()], vec![]));
        town.assert_projection_is_rebuild().await;
    }

    /// A host's own words, by form.
    async fn a_host_says_what_they_talk_about_by_form(town) {
        town.browser_of("mio").submit("/me/profile", &[("talks_about", "新人のころのこと")]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let hosts = aoi.machine().replica().view().hosts.clone();
        assert_eq!(hosts[&cast("mio").id()].talks_about.as_deref(), Some("新人のころのこと"));
    }

    /// A stranger's slot id, rubbish, or nothing: a form answers with words, never with a fault.
    async fn forms_survive_rubbish(town) {
        town.open("mio", ["tue-1000"]).await;
        let browser = town.browser_of("aoi");
        let cases: [&[(&str, &str)]; 4] =
            [&[], &[("wish1", "nothing")], &[("wish1", "0000000000000000000000")], &[("wish1", "' or 1=1 --"), ("topic", "\u{0}\u{202E}")]];
        for fields in cases {
            let reply = browser.post("/booking/ask", fields).await;
            assert!(reply.status.is_redirection() || reply.status.is_client_error(), "{fields:?}: {}", reply.status);
        }
        assert_eq!(browser.post("/booking/nothing/cancel", &[]).await.status.as_u16(), 404);
        assert_eq!(town.show("bookings").await, "");
    }
}

#[test]
fn the_names_of_slots_are_what_they_say() {
    assert_eq!(starts("tue-1000"), day(2030, 11, 12).at(clock(10, 0)));
    assert_eq!(starts("mon+1-0905@sato"), day(2030, 11, 18).at(clock(9, 5)));
    assert!(Time::from_millis(0) < opening());
}
