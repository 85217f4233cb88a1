//! The people of a town: their phones and browsers, a crowd, the slots they open.

use axum::http::StatusCode;
use domain::{
    booking::{OpenSlot, Place, Slot},
    id::{MemberId, SlotId},
    member::Role,
    sync::mutation::Mutation,
};

use super::Town;
use crate::{
    Browser, Device, Reply,
    village::{cast, starts},
};

impl Town {
    /// Somebody's phone, signed in, with nothing on it yet.
    #[must_use]
    pub fn phone_of(&self, key: &str) -> Device {
        let person = cast(key);
        Device::new(
            self.clone(),
            (person.key, person.id(), person.role),
            &self.cookie_of(key),
        )
    }

    /// Somebody's phone, with everything loaded.
    pub async fn loaded_phone_of(&self, key: &str) -> Device {
        let phone = self.phone_of(key);
        phone.sync().await;
        phone
    }

    /// Somebody's browser, signed in.
    #[must_use]
    pub fn browser_of(&self, key: &str) -> Browser {
        Browser::new(self.clone(), Some(self.cookie_of(key)))
    }

    /// A browser that nobody is signed in with.
    #[must_use]
    pub fn visitor(&self) -> Browser {
        Browser::new(self.clone(), None)
    }

    /// A second phone of somebody, signed in on its own.
    pub async fn second_phone_of(&self, key: &str) -> Device {
        let person = cast(key);
        let cookie = self.sign_in_directly(person.id()).await;
        Device::new(
            self.clone(),
            (person.key, person.id(), person.role),
            &cookie,
        )
    }

    /// A session without a mail.
    pub async fn sign_in_directly(&self, member: MemberId) -> String {
        let mut tx = self
            .services()
            .db
            .begin()
            .await
            .expect("the database can be written");
        let session =
            server::account::start_session(&mut tx, member, "Safari · iPhone", self.now()).await;
        tx.commit().await.expect("a session starts");
        session.expect("a session can be started").1
    }

    /// The owner takes the latest import back: whoever came with it leaves.
    ///
    /// # Panics
    /// When there is none.
    pub async fn crowd_leaves(&self) {
        let kawai = self.browser_of("kawai");
        let page = kawai.get("/staff/people/import").await.text();
        let import = page.split("name=\"import\" value=\"").nth(1);
        let import = import.and_then(|it| it.split('"').next());
        let import = import.expect("an import that can be undone");
        kawai
            .post("/staff/people/import/undo", &[("import", import)])
            .await;
    }

    /// The owner imports people.
    ///
    /// # Panics
    /// When the file is not taken.
    pub async fn import(&self, csv: &str) -> Reply {
        let reply = self
            .browser_of("kawai")
            .upload(
                "/staff/people/import",
                csv.as_bytes(),
                &[("do", "carry-out")],
            )
            .await;
        assert_eq!(
            reply.status,
            StatusCode::OK,
            "the people cannot be imported: {}",
            reply.page()
        );
        reply
    }

    /// So many more offer-holders of the same cohort, each with a phone on which everything is loaded.
    pub async fn crowd(&self, count: usize) -> Vec<Device> {
        let mut csv = String::from("氏名,メール\n");
        for at in 0..count {
            csv.push_str(&format!("同期 {at},cohort-{at}@example.jp\n"));
        }
        let reply = self.import(&csv).await;
        let members: Vec<(String, String)> = {
            let mut tx = self.read().await;
            let rows = sqlx::query_as(
                "select id, email from members where email like 'cohort-%' order by id",
            )
            .fetch_all(&mut *tx);
            rows.await.expect("members can be read")
        };
        assert_eq!(
            members.len(),
            count,
            "not everybody was imported: {}",
            reply.page()
        );
        let mut phones = Vec::with_capacity(count);
        for (id, email) in members {
            let id = id.parse().expect("an id");
            let cookie = self.sign_in_directly(id).await;
            phones.push(Device::new(
                self.clone(),
                (&email, id, Role::OfferHolder),
                &cookie,
            ));
        }
        futures::future::join_all(phones.iter().map(Device::sync)).await;
        phones
    }

    /// The session cookie of somebody's first device.
    #[must_use]
    pub fn cookie_of(&self, key: &str) -> String {
        self.0.cookies[cast(key).key].clone()
    }

    /// A host opens slots: `tue-1000` is on Tuesday of next week at ten. `tue-1000@sato` is another one than `tue-1000`.
    pub async fn open<const N: usize>(&self, host: &str, names: [&str; N]) {
        let phone = self.phone_of(host);
        for name in names {
            let (slot, starts) = (SlotId::born(starts(name), self.chance()), starts(name));
            let place = "会議室 A".to_owned();
            phone
                .wish(Mutation::OpenSlot(OpenSlot {
                    slot,
                    starts,
                    place,
                    link: String::new(),
                    note: String::new(),
                }))
                .await;
            self.know(
                name,
                Slot {
                    id: slot,
                    host: cast(host).id(),
                    starts,
                    place: room(),
                    note: None,
                },
            );
        }
        phone.sync().await;
        assert_eq!(
            phone.refusals(),
            Vec::<String>::new(),
            "{host} could not open their slots"
        );
    }
}

/// Where the tests' slots are.
fn room() -> Place {
    serde_json::from_str(r#"{"at":"会議室 A"}"#).expect("a place")
}
