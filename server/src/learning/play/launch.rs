//! A play begins on a page of ours and goes on at another address, where nobody is signed in: whoever knows the secret in it
//! plays that one lesson, for half a day, and no longer than the session it came from.

use app::online::Play;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use domain::{
    id::{CourseId, LessonId},
    member::Language,
    time::HOUR,
};
use serde::{Deserialize, Serialize};

use super::queries::{self, NewPlay};
use crate::{
    account::secret::{self, Hash},
    actor::{OfferHolder, Signed},
    error::{ApiError, ApiResult},
    learning::{
        package::{Package, Unit},
        queries as courses,
    },
    services::{Services, chance},
};

/// How long a play lasts.
pub(super) const LASTS: i64 = 12 * HOUR;

/// What is agreed with a lesson that is played.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Launch {
    /// What the lesson calls whoever plays: said of nobody else and at no other time.
    pub(super) actor: String,
    /// The same for somebody and a course, whenever they play.
    pub(super) registration: String,
    /// This one time.
    pub(super) session: String,
    /// The language of the page that it began on.
    pub(super) language: Language,
    /// Hash of the word by which a lesson of cmi5 proves itself, once it has fetched it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) word: Option<String>,
    /// A lesson of cmi5 has begun.
    #[serde(default)]
    pub(super) is_begun: bool,
    /// A lesson of cmi5 has ended.
    #[serde(default)]
    pub(super) is_over: bool,
}

/// Somebody who plays a lesson of a package: known by the secret in the address, and by nothing else.
pub(crate) struct Player {
    /// Who it is.
    pub(super) holder: OfferHolder,
    /// Where they play.
    pub(super) place: String,
    /// The secret, as it is kept.
    pub(super) hash: Hash,
    pub(super) course: CourseId,
    pub(super) lesson: LessonId,
    pub(super) package: Package,
    pub(super) unit: Unit,
    pub(super) launch: Launch,
}

impl FromRequestParts<Services> for Player {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, ApiError> {
        let token = RawPathParams::from_request_parts(parts, services)
            .await
            .ok()
            .and_then(|it| {
                let (_, token) = it.iter().find(|it| it.0 == "token")?;
                Some(token.to_owned())
            });
        let token = token.ok_or(ApiError::NotFound)?;
        let hash = secret::hash(&[&token]);
        let (now, mut tx) = (services.clock.now(), services.db.read().await?);
        let row = queries::play(&mut tx, hash, now.plus(-LASTS)).await?;
        let mut row = row.ok_or(ApiError::NotFound)?;
        let unit = row.package.units.remove(&row.lesson);
        services.used.person(row.signed.id, parts.uri.path(), now)?;
        Ok(Self {
            holder: row.signed.as_offer_holder()?,
            place: format!("/play/{token}/"),
            hash,
            course: row.course,
            lesson: row.lesson,
            package: row.package,
            unit: unit.ok_or(ApiError::NotFound)?,
            launch: row.launch,
        })
    }
}

/// Begins a play. Gives what the page shows that it begins on.
///
/// # Errors
/// When there is no such lesson of a package, or it is not for them.
pub(crate) async fn begin(
    services: &Services,
    signed: Signed,
    (course, lesson): (CourseId, LessonId),
    language: Language,
) -> ApiResult<Play> {
    let holder = signed.as_offer_holder()?;
    let origin = services.config.play.as_ref().ok_or(ApiError::NotFound)?;
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    let row = courses::course(&mut tx, course).await?;
    let package = queries::package(&mut tx, course).await?;
    let (Some(row), Some(package)) = (row, package) else {
        return Err(ApiError::NotFound);
    };
    let mut lessons = row.course.lessons();
    let found = lessons.find(|it| it.id == lesson && package.units.contains_key(&lesson));
    let title = found.ok_or(ApiError::NotFound)?.title.clone();
    let company = secret::of_company(&mut tx).await?;
    let (member, of) = (holder.id().to_string(), course.to_string());
    let registration = secret::hash(&[&company, "registration", &member, &of]).to_string();
    let launch = Launch {
        actor: secret::token(),
        registration: uuid(u128::from_str_radix(&registration[..32], 16).unwrap_or_default()),
        session: uuid(chance()),
        language,
        word: None,
        is_begun: false,
        is_over: false,
    };
    let token = secret::token();
    let new = NewPlay {
        hash: secret::hash(&[&token]),
        signed,
        course,
        lesson,
        launch: &launch,
    };
    queries::begin(&mut tx, new, now.plus(-LASTS), now).await?;
    tx.commit().await.map_err(anyhow::Error::from)?;
    Ok(Play {
        title,
        address: format!("{origin}/play/{token}/"),
    })
}

/// Random bits as specifications want them written.
pub(super) fn uuid(bits: u128) -> String {
    let bits = (bits & !(0xF << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32].map(|it| &hex[it]);
    format!("{a}-{b}-{c}-{d}-{e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_one_of_chance() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
