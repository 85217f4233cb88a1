//! Pages as a browser without code gets them.

use app::{page::Page, start::Start};
use axum::http::StatusCode;
use domain::{
    booking::OpenSlot,
    id::SlotId,
    interview::WriteRecord,
    sync::mutation::Mutation,
    time::HOUR,
    visibility::{Audience, audiences_of},
};
use tests::{
    Town, both_engines,
    village::{CAST, cast, starts},
};

const EVIL: &str = "</textarea></script><script>alert(1)</script><img src=x onerror=alert(2)>";

/// The pages of a role.
fn pages_of(key: &str) -> Vec<Page> {
    let role = cast(key).role;
    [
        Page::Home,
        Page::Bookings,
        Page::Host(cast("mio").id(), None),
        Page::Me,
        Page::Sync,
        Page::Devices,
        Page::Calendar,
        Page::Today,
        Page::Slots,
        Page::Interviews,
        Page::Promises,
        Page::People,
        Page::Import,
        Page::Settings,
    ]
    .into_iter()
    .filter(|it| it.is_for(role))
    .collect()
}

async fn lived_in(town: &Town) -> domain::id::BookingId {
    town.open("mio", ["tue-1000", "tue-1015", "wed-1000"]).await;
    let aoi = town.loaded_phone_of("aoi").await;
    let booking = aoi.ask_with(["tue-1000"], EVIL, EVIL, EVIL).await;
    assert_eq!(aoi.refusals(), Vec::<String>::new());
    town.move_to(starts("tue-1000") + HOUR);
    let mio = town.loaded_phone_of("mio").await;
    mio.wish(Mutation::WriteRecord(WriteRecord {
        booking,
        said: EVIL.into(),
        next: EVIL.into(),
        promises: Vec::new(),
    }))
    .await;
    let slot = SlotId::born(town.now(), town.chance());
    mio.wish(Mutation::OpenSlot(OpenSlot {
        slot,
        starts: starts("thu-1000"),
        place: "<script>alert(3)</script>".into(),
        link: String::new(),
        note: EVIL.into(),
    }))
    .await;
    assert_eq!(mio.refusals(), Vec::<String>::new());
    let csv = "氏名,メール,所属\n<script>alert(4)</script>,evil@example.jp,<b>x</b>\n森 美緒<script>,mio@example.jp,<i>開発</i>\n";
    town.import(csv).await;
    booking
}

both_engines! {
    /// Every page of every role stands, in both languages, with what people wrote shown as they wrote it.
    async fn what_people_write_is_text_and_nothing_else(town) {
        let booking = lived_in(&town).await;
        let mut seen = 0;
        for person in CAST {
            let browser = town.browser_of(person.key);
            let mut pages = pages_of(person.key);
            match person.key {
                "aoi" => pages.push(Page::Booking(booking)),
                "mio" => pages.push(Page::Interview(booking)),
                _ => {}
            }
            for page in pages {
                for language in ["ja", "en"] {
                    browser.set_cookie("language", language);
                    let reply = browser.get(&page.path()).await;
                    assert_eq!(reply.status, StatusCode::OK, "{} {}", person.key, page.path());
                    let text = reply.text();
                    assert!(text.contains(&format!("<html lang=\"{language}\"")), "{}", page.path());
                    for evil in ["<script>alert", "<img src=x", "<b>x</b>", "<i>開発", "美緒<script"] {
                        assert!(!text.contains(evil), "{} {}: {evil}", person.key, page.path());
                    }
                    seen += usize::from(text.contains("alert(1)"));
                }
            }
        }
        assert!(seen > 4, "the words are shown somewhere");
    }

    /// Every form leads to a route and every link to a page: nothing on a page is a dead end.
    async fn no_form_and_no_link_is_a_dead_end(town) {
        let booking = lived_in(&town).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.ask_for(["tue-1000"]).await;
        aoi.ask_for(["wed-1000"]).await;
        let posts: Vec<String> = crate::routes::all().into_iter().filter(|it| it.method == axum::http::Method::POST).map(|it| it.path).collect();
        let is_route = |action: &str| {
            let parts: Vec<_> = action.split('/').collect();
            posts.iter().any(|route| {
                let known: Vec<_> = route.split('/').collect();
                known.len() == parts.len() && known.iter().zip(&parts).all(|(known, part)| known.starts_with('{') || known == part)
            })
        };
        let mut forms = std::collections::BTreeSet::new();
        for person in CAST {
            let browser = town.browser_of(person.key);
            let mut pages = pages_of(person.key);
            match person.key {
                "aoi" => pages.push(Page::Booking(booking)),
                "mio" => pages.push(Page::Interview(booking)),
                _ => {}
            }
            let mut links = std::collections::BTreeSet::new();
            for page in pages {
                let text = browser.get(&page.path()).await.page();
                for form in text.split("<form").skip(1) {
                    let form = form.split('>').next().unwrap();
                    let attribute = |name: &str| form.split(&format!(" {name}=\"")).nth(1).and_then(|it| it.split('"').next()).unwrap_or("").to_owned();
                    if attribute("method") == "post" {
                        assert!(is_route(&attribute("action")), "{} {}: nobody answers <form{form}>", person.key, page.path());
                        forms.insert(attribute("action"));
                    }
                }
                for link in text.split("<a ").skip(1) {
                    let link = link.split('>').next().unwrap();
                    let to = link.split("href=\"").nth(1).and_then(|it| it.split('"').next()).unwrap_or("");
                    if to.starts_with('/') {
                        links.insert(to.split('#').next().unwrap().replace("&amp;", "&"));
                    }
                }
            }
            for link in links {
                let status = browser.get(&link).await.status;
                assert!(status.is_success() || status.is_redirection(), "{}: {link}: {status}", person.key);
            }
        }
        assert!(forms.contains("/booking/ask") && forms.contains("/language"), "{forms:?}");
    }

    /// A page carries only rows that its reader may see, and exactly as the feed has them.
    async fn a_page_carries_its_readers_rows(town) {
        let booking = lived_in(&town).await;
        for (key, page) in [("aoi", Page::Home), ("ren", Page::Home), ("aoi", Page::Booking(booking)), ("mio", Page::Today), ("sato", Page::Slots), ("doi", Page::Today)] {
            let person = cast(key);
            let start: Start = crate::start_of(&town.browser_of(key).get(&page.path()).await);
            assert_eq!(start.who.map(|it| it.id), Some(person.id()));
            let may: Vec<String> = audiences_of(person.id(), person.role).iter().map(Audience::to_string).collect();
            let due = town.projection_for(person.id(), person.role).await;
            assert!(!start.rows.is_empty(), "{key} {page:?}");
            for row in &start.rows {
                assert!(may.contains(&row.3.to_string()), "{key} may not see {row:?}");
                // The page escapes what could end a script, so the rows are compared as values.
                let same = |it: &&domain::sync::wire::RowChange| (&it.0, &it.1, it.2) == (&row.0, &row.1, row.2);
                let value = |it: &domain::sync::wire::RowChange| serde_json::to_value(it).unwrap();
                assert_eq!(due.iter().find(same).map(value), Some(value(row)), "{key}");
            }
        }
    }

    /// Somebody else's booking, a page of another role, and nothing at all look the same.
    async fn not_yours_and_not_there_look_the_same(town) {
        town.open("mio", ["tue-1000"]).await;
        let booking = town.loaded_phone_of("aoi").await.ask_for(["tue-1000"]).await;
        let ren = town.browser_of("ren");
        let missing = "0".repeat(22);
        let (theirs, nobodys) = (ren.get(&format!("/booking/{booking}")).await, ren.get(&format!("/booking/{missing}")).await);
        assert_eq!(theirs.status, nobodys.status);
        let plain = |reply: &tests::Reply| reply.page().replace(&booking.to_string(), "ID").replace(&missing, "ID").split("nonce").next().unwrap().to_owned();
        assert_eq!(plain(&theirs), plain(&nobodys));
        for path in ["/staff/people", "/staff/settings", "/nowhere", "/booking/x/y/z"] {
            assert_eq!(ren.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(ren.get("/assets/portal.gone.js").await.status, StatusCode::NOT_FOUND);
        assert!(!ren.get("/assets/portal.gone.js").await.text().contains("<html"), "a missing file is no page");
    }

    /// The shell that the service worker keeps holds nobody's data.
    async fn the_shell_holds_nobodys_data(town) {
        lived_in(&town).await;
        let own = town.browser_of("aoi").get("/shell").await;
        let start = crate::start_of(&own);
        assert!(start.who.is_none() && start.rows.is_empty() && start.online.is_none());
        assert!(!own.text().contains("青井") && !own.text().contains(&cast("aoi").id().to_string()));
        assert!(own.text().contains("id=\"fault\""), "a shell that nothing fills can say so");
    }

    /// A page says by which sources it was drawn: code of other ones draws it anew.
    async fn a_page_names_the_sources_that_drew_it(town) {
        let named = format!("data-views=\"{}\"", app::VIEWS);
        for page in ["/", "/shell"] {
            assert!(town.browser_of("aoi").get(page).await.text().contains(&named), "{page}");
        }
    }

    /// Built files are kept for a year, the rest is asked for again.
    async fn files_are_kept_as_long_as_they_last(town) {
        let visitor = town.visitor();
        assert!(visitor.get("/assets/app.1.css").await.header("cache-control").contains("immutable"));
        let worker = visitor.get("/sw.js").await;
        assert_eq!((worker.status, worker.header("cache-control")), (StatusCode::OK, "no-cache"));
        assert_ne!(visitor.get("/manifest.json").await.status, StatusCode::OK, "what only the server reads is not served");
    }
}
