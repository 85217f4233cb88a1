//! What became of it, as text a test can hold against what it expects.

use domain::{id::MemberId, refusal::Refusal};

use crate::{Town, village::CAST};

/// The wire's code of a refusal.
///
/// # Panics
/// Never: a refusal is an object with a code.
#[must_use]
pub fn code_of(no: &Refusal) -> String {
    let json = serde_json::to_value(no).expect("a refusal can be written");
    json["code"].as_str().expect("it has a code").to_owned()
}

/// What the tests call somebody.
#[must_use]
pub fn key_of(member: &str) -> String {
    let id: Option<MemberId> = member.parse().ok();
    CAST.iter()
        .find(|it| Some(it.id()) == id)
        .map_or_else(|| member.to_owned(), |it| it.key.to_owned())
}

impl Town {
    /// Shows one thing of the town: `bookings` (live ones), `cancellations`, `slots` (open ones), `promises`, `mail` (to whom, subject).
    ///
    /// # Panics
    /// When there is no such thing.
    pub async fn show(&self, what: &str) -> String {
        let mut lines = match what {
            "bookings" => self.named("select member_id, slot_id, '' from bookings where cancelled_at is null").await,
            "cancellations" => {
                self.named(
                    "select b.cancelled_by, b.slot_id, coalesce(b.cancelled_word, '') from bookings b where b.cancelled_at is not null",
                )
                .await
            }
            "slots" => {
                self.named(
                    "select s.host_id, s.id, '' from slots s where s.closed_at is null \
                     and not exists (select 1 from bookings b where b.slot_id = s.id and b.cancelled_at is null)",
                )
                .await
            }
            "mail" => self.mail().mails().iter().map(|it| format!("{}: {}", it.to.trim_end_matches("@example.jp"), it.subject)).collect(),
            other => panic!("{other} cannot be shown"),
        };
        lines.sort();
        lines.join("\n")
    }

    async fn named(&self, sql: &'static str) -> Vec<String> {
        let mut tx = self.read().await;
        let rows: Vec<(String, String, String)> = sqlx::query_as(sql)
            .fetch_all(&mut *tx)
            .await
            .expect("the tables can be read");
        rows.iter()
            .map(|(member, slot, word)| {
                let slot = self.name_of(slot.parse().expect("an id"));
                format!(
                    "{}: {slot}{}{word}",
                    key_of(member),
                    if word.is_empty() { "" } else { " " }
                )
            })
            .collect()
    }

    /// One number from the database.
    ///
    /// # Panics
    /// When the question is wrong.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.read().await;
        let (count,): (i64,) = sqlx::query_as(sql)
            .fetch_one(&mut *tx)
            .await
            .expect("a number");
        count
    }

    /// What a rebuild of the feed would change: nothing.
    ///
    /// # Panics
    /// When it would.
    pub async fn assert_projection_is_rebuild(&self) {
        let differences = server::rebuild::check(&self.services().db, self.now())
            .await
            .expect("the feed can be computed");
        assert!(
            differences.is_empty(),
            "the feed is not what the facts say: {differences:#?}"
        );
    }
}
