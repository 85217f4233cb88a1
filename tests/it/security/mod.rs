//! Attacks, each as somebody would try it: on other people's rows, on the way in, on words that travel, on the server's
//! time and memory. What they are about stands in `.security/`.

mod limits;
mod roles;
mod table;
mod wires;
mod words;

use axum::http::{Method, StatusCode};
use domain::{
    id::{DeviceId, MutationId},
    sync::{
        mutation::Mutation,
        wire::{PROTOCOL, SyncAnswer, SyncRequest},
    },
};
use tests::{Browser, Reply, Town, both_engines, village::cast};

use crate::{mail, routes, sync::pushing};

/// What the server answers to somebody's bytes.
pub(crate) async fn post(browser: &Browser, body: Vec<u8>) -> Reply {
    let ours = [
        ("content-type", "application/json"),
        ("x-kakehashi", "1"),
        ("sec-fetch-site", "same-origin"),
    ];
    browser
        .send(Method::POST, "/api/v1/sync", Some(body), &ours)
        .await
}

/// The codes of the refusals that somebody's wishes meet; nothing for one that was granted.
async fn refusals(town: &Town, key: &str, mutations: &[Mutation]) -> Vec<Option<String>> {
    let request = pushing(town, DeviceId::random(town.chance()), 1, mutations);
    let reply = post(&town.browser_of(key), serde_json::to_vec(&request).unwrap()).await;
    assert_eq!(reply.status, StatusCode::OK, "{key}: {}", reply.text());
    let answer: SyncAnswer = serde_json::from_slice(&reply.body).unwrap();
    let code = |it: &domain::refusal::Refusal| {
        serde_json::to_value(it).unwrap()["code"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    answer
        .outcomes
        .iter()
        .map(|it| it.refusal.as_ref().map(code))
        .collect()
}

/// Sessions that were seen at this very moment.
async fn noted(town: &Town) -> i64 {
    sqlx::query_scalar("select count(*) from sessions where last_seen_at = $1")
        .bind(town.now().millis())
        .fetch_one(&mut *town.read().await)
        .await
        .unwrap()
}

both_engines! {
    /// A session that was here before the sign-in, planted or not, is not the one after it; and it ends.
    async fn a_planted_session_is_worth_nothing(town) {
        let planted = "a".repeat(64);
        let thief = town.browser_of("ren");
        for before in [planted, thief.cookie("__Host-session").unwrap()] {
            let browser = town.visitor();
            browser.set_cookie("__Host-session", &before);
            // Somebody signed in is led on: who has a link of another person's goes through its page.
            town.visitor().post("/sign-in", &[("email", "aoi@example.jp")]).await;
            town.run_jobs().await;
            let link = mail::path_in(&mail::newest(&town).text, "/sign-in/link/");
            let token = link.rsplit('/').next().unwrap();
            assert_eq!(browser.post("/sign-in/link", &[("token", token)]).await.status, StatusCode::SEE_OTHER);
            assert_ne!(browser.cookie("__Host-session").unwrap(), before);
            let old = town.visitor();
            old.set_cookie("__Host-session", &before);
            assert_eq!(old.get("/me").await.status, StatusCode::SEE_OTHER, "it lets nobody in any more");
        }
    }

    /// A session that is used every week ends after 550 days all the same.
    async fn a_session_has_a_longest_day(town) {
        let browser = town.browser_of("aoi");
        let week = 7 * domain::time::DAY;
        for _ in 0..78 {
            town.pass(week);
            assert_eq!(browser.get("/me").await.status, StatusCode::OK, "{}", town.now().day());
            // The use is noted by a task of its own.
            while noted(&town).await == 0 {
                tokio::task::yield_now().await;
            }
        }
        town.pass(week);
        assert_eq!(browser.get("/me").await.status, StatusCode::SEE_OTHER);
    }

    /// Every cookie that proves something belongs to this host alone, travels over TLS alone, and no script reads it. The
    /// chosen language proves nothing, and pages choose it without a connection, too.
    async fn every_cookie_is_the_hosts_own(town) {
        let browser = town.visitor();
        let mut seen = std::collections::BTreeSet::new();
        let mut check = |reply: &Reply| {
            for cookie in reply.headers.get_all("set-cookie") {
                let cookie = cookie.to_str().unwrap();
                seen.insert(cookie.split('=').next().unwrap().to_owned());
                if cookie.starts_with("language=") {
                    assert!(cookie.starts_with("language=en; Path=/;") && cookie.contains("; Secure") && cookie.contains("; SameSite=Lax"), "{cookie}");
                    continue;
                }
                assert!(cookie.starts_with("__Host-") && !cookie.contains("Domain"), "{cookie}");
                for attribute in ["; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
                    assert!(cookie.contains(attribute), "{attribute} is missing in {cookie}");
                }
            }
        };
        check(&browser.post("/language", &[("language", "en")]).await);
        check(&browser.post("/sign-in", &[("email", "aoi@example.jp")]).await);
        town.run_jobs().await;
        let code = mail::code_in(&mail::newest(&town).text);
        check(&browser.post("/sign-in/code", &[("code", &code)]).await);
        check(&browser.post("/sign-out", &[]).await);
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["__Host-pending", "__Host-session", "language"]);
    }

    /// What a lying `Host` or `X-Forwarded-Host` says is in no mail, no address and no answer.
    async fn a_lying_host_is_repeated_nowhere(town) {
        const LIES: [(&str, &str); 4] = [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "javascript"), ("x-original-url", "//evil.example"), ("forwarded", "host=evil.example")];
        let mut browser = town.browser_of("sato");
        browser.headers = LIES.map(|(name, value)| (name, value.to_owned())).to_vec();
        for route in routes::all() {
            let path = route.filled(&"0".repeat(22));
            if path.ends_with("/poke") || path == "/sign-out" {
                continue;
            }
            let reply = match route.method {
                Method::GET => browser.get(&path).await,
                _ => browser.post(&path, &[("email", "aoi@example.jp"), ("back", "//evil.example/x")]).await,
            };
            assert!(!reply.text().contains("evil.example/\"") && !reply.text().contains("//evil.example\""), "{path}");
            assert!(!reply.header("location").contains("evil"), "{path}: {}", reply.header("location"));
        }
        let mut visitor = town.visitor();
        visitor.headers = vec![("x-forwarded-host", "evil.example".into())];
        let ours = [("content-type", "application/x-www-form-urlencoded")];
        visitor.send(Method::POST, "http://evil.example/sign-in", Some(b"email=aoi%40example.jp".to_vec()), &ours).await;
        town.run_jobs().await;
        let mails = town.mail().mails();
        assert!(!mails.is_empty());
        for mail in mails {
            assert!(!String::from_utf8_lossy(&mail.raw).contains("evil") && !mail.text.contains("evil"), "{}", mail.text);
        }
    }

    /// Wherever a way back can be named, it stays in the house.
    async fn no_way_back_leads_out(town) {
        const OUT: [&str; 9] = ["https://evil.example", "//evil.example", "/\\evil.example", "/%2f/evil.example", "/\t/evil.example", "javascript:alert(1)", "/..//evil.example", "/sign-in?back=//evil.example", "/booking/host/../../..//evil.example"];
        for back in OUT {
            let coded = tests::browser::encoded(back);
            let page = town.visitor().get(&format!("/sign-in?back={coded}")).await;
            assert!(!page.text().contains("evil.example"), "{back}");
            let signed = town.browser_of("aoi").get(&format!("/sign-in?back={coded}")).await;
            assert_eq!(signed.header("location"), "/", "{back}");
            let led = town.visitor().post("/language", &[("language", "ja"), ("back", back)]).await;
            let to = led.header("location");
            assert!(to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'), "{back} leads to {to}");
        }
    }

    /// No answer with somebody's data may be kept by a browser, a proxy or anybody else.
    async fn nobodys_data_is_kept_on_the_way(town) {
        for key in ["aoi", "mio", "sato", "doi", "kawai"] {
            let browser = town.browser_of(key);
            for route in routes::all().into_iter().filter(|it| it.method == Method::GET) {
                let path = route.filled(&"0".repeat(22));
                let reply = if path.ends_with("/poke") { browser.head(&path).await } else { browser.get(&path).await };
                assert!(reply.header("cache-control").contains("no-store"), "{key} {path}: {:?}", reply.headers);
            }
        }
    }

    /// Methods that no route has are heard by none, and none echoes a request.
    async fn no_other_method_is_heard(town) {
        let browser = town.browser_of("sato");
        let before = town.count("select count(*) from feed").await;
        for route in routes::all() {
            let path = route.filled(&"0".repeat(22));
            for method in ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"] {
                let reply = browser.send(method.parse().unwrap(), &path, None, &[("x-probe", "echo me")]).await;
                assert!(reply.status.is_client_error(), "{method} {path}: {}", reply.status);
                assert!(!reply.text().contains("echo me"), "{method} {path}");
            }
        }
        assert_eq!(town.count("select count(*) from feed").await, before);
    }
}
