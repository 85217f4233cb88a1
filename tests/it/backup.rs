//! The drill: a backup is taken while the server serves, the database is lost, the backup is brought back, and the phones
//! deliver again what it does not hold. Through the very commands that somebody would type that night.

use std::path::Path;

use server::{command::run_words, services::Clock};
use tests::{Town, both_engines};

async fn kakehashi<const N: usize>(town: &Town, words: [&str; N]) -> anyhow::Result<()> {
    let database = town.database();
    let words = ["kakehashi", "--database", &database]
        .into_iter()
        .chain(words);
    run_words(words, Clock::set_to(town.now())).await
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

both_engines! {
    /// Everything that was acknowledged is there again, once, and the feed is what the facts say.
    async fn the_drill(town) {
        town.open("mio", ["tue-1000", "tue-1015", "wed-1000", "wed-1015"]).await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        let kept = aoi.ask_for(["tue-1000"]).await;
        let copy = town.folder().join("night.backup");
        // While the server serves, and people write.
        let (backed_up, booked) = tokio::join!(kakehashi(&town, ["backup", text(&copy)]), ren.ask_for(["tue-1015"]));
        backed_up.unwrap();
        let fault = kakehashi(&town, ["backup", text(&copy)]).await.unwrap_err();
        assert!(fault.to_string().contains("is there already"), "a backup overwrites none: {fault:#}");
        aoi.move_to(kept, ["wed-1000"]).await;
        ren.cancel(booked).await;
        ren.ask_for(["wed-1015"]).await;
        let after = town.show("bookings").await;
        assert_eq!(after, "aoi: wed-1000\nren: wed-1015");

        let fault = kakehashi(&town, ["restore", text(&copy), "--yes"]).await.unwrap_err();
        assert!(fault.to_string().contains("stop the server first"), "not under a running server: {fault:#}");
        assert_eq!(town.show("bookings").await, after);
        town.services().db.close().await;
        let fault = kakehashi(&town, ["restore", text(&copy)]).await.unwrap_err();
        assert!(fault.to_string().contains("--yes"), "not over a company by mistake: {fault:#}");
        let no_backup = town.folder().join("letter.txt");
        std::fs::write(&no_backup, "Dear Mio").unwrap();
        kakehashi(&town, ["restore", text(&no_backup), "--yes"]).await.unwrap_err();
        kakehashi(&town, ["restore", text(&copy), "--yes"]).await.unwrap();
        kakehashi(&town, ["rebuild", "--check"]).await.unwrap();
        town.restart().await;

        let then = town.show("bookings").await;
        assert!(then.contains("aoi: tue-1000") && !then.contains("wed-1000"), "the disaster: {then}");
        for phone in [&aoi, &ren, &aoi, &ren] {
            phone.sync().await;
        }
        assert_eq!(town.show("bookings").await, after, "what was acknowledged is so again");
        assert_eq!(town.count("select count(*) from bookings where cancelled_at is null").await, 2);
        for phone in [&aoi, &ren] {
            phone.assert_converged().await;
            assert_eq!(phone.unsent(), 0);
        }
        kakehashi(&town, ["rebuild", "--check"]).await.unwrap();
        town.assert_projection_is_rebuild().await;
    }

    /// What `rebuild --check` is for: it tells a feed that does not say what is so.
    async fn a_wrong_feed_is_told(town) {
        town.open("mio", ["tue-1000"]).await;
        kakehashi(&town, ["rebuild", "--check"]).await.unwrap();
        let pool = town.look().await;
        sqlx::query("update feed set body = null where kind = 'slot' and id = $1").bind(town.slot("tue-1000").id.to_string()).execute(&pool).await.unwrap();
        pool.close().await;
        let fault = kakehashi(&town, ["rebuild", "--check"]).await.unwrap_err();
        assert!(fault.to_string().contains("differ from the facts"), "{fault:#}");
    }
}
