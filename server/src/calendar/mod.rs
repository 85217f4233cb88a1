//! The secret calendar feed of a member: their interviews and events, in their own calendar software, without signing in.
//!
//! Whoever has the address reads the calendar, so it is shown once, stored only as a hash, replaced or taken away by its
//! owner at any time.

mod queries;

use app::{
    online::{CalendarFeed, Online},
    page::Page,
    start::FormAnswer,
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{
    event::Way,
    time::{DAY, Time},
};
use icalendar::{Parameter, Property};

use crate::{
    account,
    actor::{Signed, Visitor},
    booking::queries::{BookingRow, bookings_for_calendar},
    db::Conn,
    error::{ApiError, ApiResult},
    event::queries::{EventRow, events_for_calendar},
    notification::{CalendarEntry, calendar, entry, event},
    page::{self, page_with},
    services::Services,
};
use queries::Owner;

/// How far back and ahead the feed reaches.
const PAST: i64 = 30 * DAY;
const AHEAD: i64 = 180 * DAY;
/// How often software should look again.
const REFRESH: &str = "PT1H";

/// The feed and the two forms about it.
pub fn routes() -> Router<Services> {
    Router::new()
        .route("/calendar/{file}", get(file))
        .route("/me/calendar", post(make_form).get(page::fallback))
        .route("/me/calendar/revoke", post(revoke_form))
}

/// What the page shows of a member's feed: never its address again.
pub(crate) async fn feed_of(conn: &mut Conn, signed: Signed) -> ApiResult<CalendarFeed> {
    Ok(CalendarFeed {
        created: queries::created(conn, signed).await?,
        address: None,
    })
}

/// `/calendar/TOKEN.ics`. The token is all it takes.
async fn file(
    _: Visitor,
    State(services): State<Services>,
    Path(file): Path<String>,
) -> ApiResult<Response> {
    let token = file.strip_suffix(".ics").ok_or(ApiError::NotFound)?;
    let now = services.clock.now();
    let mut tx = services.db.read().await?;
    let owner = queries::owner(&mut tx, &account::secret::hash(&[token]).to_string())
        .await?
        .ok_or(ApiError::NotFound)?;
    let bookings = bookings_for_calendar(&mut tx, owner.id, now.plus(-PAST), now + AHEAD).await?;
    let events = events_for_calendar(&mut tx, owner.id, now.plus(-PAST), now + AHEAD).await?;
    drop(tx);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    Ok((headers, written(&owner, (&bookings, &events), now)).into_response())
}

type Places = [(EventRow, i64, Way)];

fn written(owner: &Owner, (bookings, events): (&[BookingRow], &Places), now: Time) -> String {
    let mut file = calendar("PUBLISH");
    file.name(match owner.language {
        domain::member::Language::Ja => "架け橋",
        domain::member::Language::En => "Kakehashi",
    });
    file.append_property(
        Property::new("REFRESH-INTERVAL", REFRESH)
            .append_parameter(Parameter::new("VALUE", "DURATION"))
            .done(),
    );
    file.append_property(Property::new("X-PUBLISHED-TTL", REFRESH));
    for row in bookings {
        let is_mine = row.member == owner.id;
        let interview = CalendarEntry {
            booking: row.id,
            sequence: row.sequence,
            starts: row.starts,
            with: if is_mine {
                &row.host_name
            } else {
                &row.member_name
            },
            place: &row.place,
            link: row.link.as_deref(),
            is_cancelled: false,
            stamp: now,
            language: owner.language,
        };
        file.push(event(&(&interview).into()));
    }
    for (row, sequence, way) in events {
        file.push(event(&entry(row, *way, *sequence, now, owner.language)));
    }
    file.to_string()
}

/// Makes a feed, or replaces its address: the old one ends with it.
async fn make_form(
    signed: Signed,
    State(services): State<Services>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let now = services.clock.now();
    let token = account::secret::token();
    let mut tx = services.db.begin().await?;
    queries::put(
        &mut tx,
        signed,
        &account::secret::hash(&[&token]).to_string(),
        now,
    )
    .await?;
    tx.commit().await.map_err(anyhow::Error::from)?;
    let address = format!("{}/calendar/{token}.ics", services.config.origin);
    let feed = CalendarFeed {
        created: Some(now),
        address: Some(address),
    };
    calendar_page(&services, signed, &headers, feed, None).await
}

async fn revoke_form(
    signed: Signed,
    State(services): State<Services>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut tx = services.db.begin().await?;
    queries::remove(&mut tx, signed).await?;
    tx.commit().await.map_err(anyhow::Error::from)?;
    calendar_page(
        &services,
        signed,
        &headers,
        CalendarFeed {
            created: None,
            address: None,
        },
        Some(FormAnswer::Done),
    )
    .await
}

async fn calendar_page(
    services: &Services,
    signed: Signed,
    headers: &HeaderMap,
    feed: CalendarFeed,
    answer: Option<FormAnswer>,
) -> ApiResult<Response> {
    let online = Some(Online::Calendar(feed));
    page_with(
        services,
        signed,
        account::language_of(headers),
        Page::Calendar,
        online,
        answer,
        StatusCode::OK,
    )
    .await
}

#[cfg(test)]
mod tests;
