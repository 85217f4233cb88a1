//! Mail: really over SMTP, with an entry for the calendar, at hours that are kind, and never twice.

use app::online::Online;
use axum::http::StatusCode;
use domain::{
    booking::OpenSlot,
    id::SlotId,
    sync::mutation::Mutation,
    time::{DAY, MINUTE},
};
use expect_test::expect;
use tests::{Town, both_engines, village::starts};

use crate::mail;

/// The calendar's part of a mail, as the client reads it.
fn calendar_in(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw).into_owned();
    let part = text
        .split("Content-Type: text/calendar")
        .nth(1)
        .expect("a calendar entry");
    let (head, body) = part.split_once("\r\n\r\n").expect("a part with a head");
    let body = body.split("\r\n--").next().unwrap_or(body);
    let head = head.to_ascii_lowercase();
    if head.contains("base64") {
        unbase64(body)
    } else if head.contains("quoted-printable") {
        unquoted(body)
    } else {
        body.to_owned()
    }
}

fn unbase64(text: &str) -> String {
    let digit = |it: u8| match it {
        b'A'..=b'Z' => Some(it - b'A'),
        b'a'..=b'z' => Some(it - b'a' + 26),
        b'0'..=b'9' => Some(it - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let mut bytes = Vec::new();
    for four in digits.chunks(4) {
        let number = four.iter().enumerate().fold(0_u32, |sum, (at, it)| {
            sum | (u32::from(*it) << (18 - 6 * at))
        });
        bytes.extend(number.to_be_bytes()[1..four.len()].iter());
    }
    String::from_utf8(bytes).expect("a calendar is UTF-8")
}

fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |it: Option<u8>| {
            it.and_then(|it| char::from(it).to_digit(16))
                .expect("a hex digit")
        };
        bytes.push(if byte == b'=' {
            u8::try_from(hex(rest.next()) * 16 + hex(rest.next())).expect("a byte")
        } else {
            byte
        });
    }
    String::from_utf8(bytes).expect("a calendar is UTF-8")
}

/// Without what differs from run to run.
fn steady(ics: &str, booking: domain::id::BookingId) -> String {
    ics.replace("\r\n ", "")
        .replace('\r', "")
        .replace(&booking.to_string(), "BOOKING")
}

async fn subjects(town: &Town) -> String {
    town.run_jobs().await;
    town.show("mail").await
}

both_engines! {
    /// Both sides hear of a booking, its move and its end; the calendar entry keeps its name and counts up.
    async fn both_sides_hear_of_it(town) {
        town.open("mio", ["tue-1000", "wed-1000"]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let booking = aoi.ask_with(["tue-1000"], "配属", "", "").await;
        assert_eq!(subjects(&town).await.lines().count(), 2);
        let first = mail::to(&town, "aoi").pop().unwrap();
        expect![[r#"
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Kakehashi//Kakehashi//JA
            CALSCALE:GREGORIAN
            METHOD:PUBLISH
            BEGIN:VEVENT
            DTEND:20301112T011500Z
            DTSTAMP:20301105T000000Z
            DTSTART:20301112T010000Z
            LOCATION:会議室 A
            SEQUENCE:0
            STATUS:CONFIRMED
            SUMMARY:15分面談：森 美緒さん
            UID:BOOKING@kakehashi
            END:VEVENT
            END:VCALENDAR
        "#]]
        .assert_eq(&steady(&calendar_in(&first.raw), booking));
        aoi.move_to(booking, ["wed-1000"]).await;
        town.run_jobs().await;
        let moved = calendar_in(&mail::to(&town, "aoi").pop().unwrap().raw);
        assert!(moved.contains("SEQUENCE:1") && moved.contains(&format!("UID:{booking}")) && moved.contains("DTSTART:20301113T010000Z"), "{moved}");
        aoi.cancel(booking).await;
        town.run_jobs().await;
        let ended = calendar_in(&mail::to(&town, "aoi").pop().unwrap().raw);
        assert!(ended.contains("METHOD:CANCEL") && ended.contains("STATUS:CANCELLED") && ended.contains("SEQUENCE:2"), "{ended}");
        assert_eq!((mail::to(&town, "aoi").len(), mail::to(&town, "mio").len()), (3, 3));
        let raw = String::from_utf8_lossy(&first.raw).into_owned();
        for header in ["Auto-Submitted: auto-generated", "Message-ID:", "Reply-To:"] {
            assert!(raw.contains(header), "{header} is missing");
        }
        assert!(!raw.contains("配属"), "what somebody wants to talk about stays in the app");
    }

    /// A job that runs twice sends one mail; what failed is tried again.
    async fn a_mail_goes_out_once(town) {
        town.open("mio", ["tue-1000"]).await;
        town.loaded_phone_of("aoi").await.ask_for(["tue-1000"]).await;
        futures::join!(town.run_jobs(), town.run_jobs(), town.run_jobs());
        assert_eq!(town.mail().mails().len(), 2);
        town.run_jobs().await;
        assert_eq!(town.mail().mails().len(), 2);
        assert_eq!(town.count("select count(*) from jobs where done_at is null and last_error is not null").await, 0);
    }

    /// A code does not lie about after it was mailed.
    async fn a_mailed_code_is_forgotten(town) {
        town.visitor().post("/sign-in", &[("email", "aoi@example.jp")]).await;
        town.run_jobs().await;
        let code = mail::code_in(&mail::newest(&town).text);
        let bodies: Vec<(String,)> = {
            let mut tx = town.services().db.read().await.unwrap();
            sqlx::query_as("select body from jobs where kind = 'sign_in_code'").fetch_all(&mut *tx).await.unwrap()
        };
        assert!(bodies.iter().all(|it| !it.0.contains(&code)), "{bodies:?}");
        let raw = mail::newest(&town).raw;
        let link = mail::path_in(&mail::newest(&town).text, "/sign-in/link/");
        assert!(!raw.is_empty() && bodies.iter().all(|it| !it.0.contains(link.rsplit('/').next().unwrap())));
    }

    /// The evening before and an hour before, never at night, and never for what was called off.
    async fn reminders_come_at_kind_hours(town) {
        town.open("mio", ["tue-1000", "wed-1000"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        aoi.ask_for(["tue-1000"]).await;
        let gone = ren.ask_for(["wed-1000"]).await;
        ren.cancel(gone).await;
        town.run_jobs().await;
        let (before_aoi, before_ren) = (mail::to(&town, "aoi").len(), mail::to(&town, "ren").len());
        let mut times = Vec::new();
        town.move_to(starts("mon-0000"));
        while town.now() < starts("wed-2300") {
            let count = mail::to(&town, "aoi").len();
            town.run_jobs().await;
            if mail::to(&town, "aoi").len() > count {
                times.push(format!("{} {}", town.now().day(), town.now().clock()));
            }
            town.pass(15 * MINUTE);
        }
        assert_eq!(times, ["2030-11-11 18:00", "2030-11-12 09:00"]);
        assert_eq!((mail::to(&town, "aoi").len() - before_aoi, mail::to(&town, "ren").len() - before_ren), (2, 0));
    }

    /// An early interview has no reminder at night.
    async fn nobody_is_woken_for_an_early_interview(town) {
        town.open("mio", ["tue-0800"]).await;
        town.loaded_phone_of("aoi").await.ask_for(["tue-0800"]).await;
        town.run_jobs().await;
        let before = mail::to(&town, "aoi").len();
        town.move_to(starts("mon-2100"));
        while town.now() < starts("tue-0900") {
            town.run_jobs().await;
            assert_eq!(mail::to(&town, "aoi").len() - before, usize::from(town.now() >= starts("tue-0800") && mail::to(&town, "aoi").len() > before), "{}", town.now().clock());
            if town.now() < starts("tue-0800") && town.now() >= starts("mon-2100") {
                assert!(mail::to(&town, "aoi").len() <= before + 1);
            }
            town.pass(15 * MINUTE);
        }
    }

    /// The secret calendar: shown once, readable without a cookie, gone when it is taken away.
    async fn a_secret_calendar_is_its_owners(town) {
        town.open("mio", ["tue-1000"]).await;
        let booking = town.loaded_phone_of("aoi").await.ask_for(["tue-1000"]).await;
        let browser = town.browser_of("aoi");
        let made = browser.post("/me/calendar", &[]).await;
        let Some(Online::Calendar(feed)) = crate::start_of(&made).online else { panic!("no calendar") };
        let address = feed.address.unwrap();
        let path = address.split("localhost:3000").nth(1).unwrap().to_owned();
        let read = town.visitor().get(&path).await;
        assert_eq!(read.status, StatusCode::OK);
        assert!(read.header("content-type").starts_with("text/calendar"));
        assert!(read.text().contains(&booking.to_string()) && read.header("cache-control").contains("no-store"));
        assert!(!browser.get("/me/calendar").await.text().contains(path.trim_end_matches(".ics").rsplit('/').next().unwrap()), "shown once");
        // The host's own feed has it, too; a stranger's does not.
        for (who, has) in [("mio", true), ("ren", false)] {
            let made = town.browser_of(who).post("/me/calendar", &[]).await;
            let Some(Online::Calendar(feed)) = crate::start_of(&made).online else { panic!("no calendar") };
            let path = feed.address.unwrap().split("localhost:3000").nth(1).unwrap().to_owned();
            assert_eq!(town.visitor().get(&path).await.text().contains(&booking.to_string()), has, "{who}");
        }
        browser.post("/me/calendar", &[]).await;
        assert_eq!(town.visitor().get(&path).await.status, StatusCode::NOT_FOUND, "replaced");
        browser.post("/me/calendar/revoke", &[]).await;
        assert_eq!(town.count("select count(*) from feed where kind = 'calendar'").await, 0);
        town.pass(DAY);
    }

    /// The sink of a demo shows mails as text, whatever is in them.
    async fn the_demo_shows_its_mail_as_text(town) {
        let csv = "氏名,メール\n<script>alert(1)</script>,evil@example.jp\n";
        town.browser_of("sato").upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await;
        town.browser_of("sato").post("/staff/people/invite", &[]).await;
        let slot = SlotId::born(town.now(), town.chance());
        let mio = town.loaded_phone_of("mio").await;
        mio.wish(Mutation::OpenSlot(OpenSlot { slot, starts: starts("tue-1000"), place: "<script>alert(2)</script>".into(), link: String::new(), note: String::new() })).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let known = aoi.machine().replica().view().slots[&slot].clone();
        town.know("tue-1000", known);
        aoi.ask_for(["tue-1000"]).await;
        town.run_jobs().await;
        let page = town.visitor().get("/dev/mail").await.text();
        assert!(page.contains("alert(2)") && !page.contains("<script"), "{page}");
    }
}
