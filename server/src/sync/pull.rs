//! `POST /api/v1/sync`: first what was pushed, then what has changed. One round trip does both.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    sync::wire::{
        AudienceChanges, MOST_MUTATIONS, OLDEST_READER, Problem, RowChange, SyncAnswer,
        SyncRequest, row_sum,
    },
    time::MINUTE,
    visibility::Audience,
};

use super::{
    cursor::{Cursor, Half, audiences},
    page::{self, PAGE_BYTES, Page},
    queries,
};
use crate::{
    actor::Signed,
    db::{Conn, Push, Pushed},
    drain,
    error::{ApiError, ApiResult},
    services::Services,
};

/// A device with nothing to do asks again after this long; pokes come sooner.
const NEXT_MS: i64 = 5 * MINUTE;

/// Takes wishes, gives facts.
pub async fn sync(
    signed: Signed,
    State(services): State<Services>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    if services.config.drain.has_begun() {
        return Ok(drain::ask_another());
    }
    // A page says whose it is: the wishes of one member are never delivered by the session of another who signed in
    // with the same browser since that page was loaded.
    if headers
        .get("x-kakehashi-member")
        .is_some_and(|it| it.as_bytes() != signed.id.to_string().as_bytes())
    {
        return Err(ApiError::SignedOut);
    }
    let request: SyncRequest =
        serde_json::from_slice(&body).map_err(|_| ApiError::Malformed("not a sync request"))?;
    let now = services.clock.now();
    services.used.sync(signed.id, &request, body.len(), now)?;
    if request.mutations.len() > MOST_MUTATIONS {
        return Ok((StatusCode::PAYLOAD_TOO_LARGE, no_store()).into_response());
    }
    let cursor = request.cursor.as_deref().and_then(Cursor::read);
    if cursor
        .as_ref()
        .is_some_and(|it| it.history != services.feed.history())
    {
        // Before anything new is carried out: what this device was told in another life of the database may be missing
        // here, and comes first.
        return Ok(problem_answer(&Problem::History));
    }
    let mut pushed = Pushed::default();
    if !request.mutations.is_empty() {
        let push = Push {
            signed,
            device: request.device,
            mutations: request.mutations.clone(),
        };
        pushed = services.executor.push(push).await?;
    }
    if let Some(problem) = pushed.problem {
        return Ok(problem_answer(&problem));
    }
    if request.protocol < OLDEST_READER {
        return Ok(problem_answer(&Problem::Outdated {
            outcomes: pushed.outcomes,
        }));
    }
    pull(signed, &services, &request, cursor, pushed).await
}

async fn pull(
    signed: Signed,
    services: &Services,
    request: &SyncRequest,
    cursor: Option<Cursor>,
    pushed: Pushed,
) -> ApiResult<Response> {
    let feed = &services.feed;
    let mine = audiences(signed, &request.want);
    // Behind an audience's floor, tombstones are missing: all of it is sent anew.
    let is_reset = |it: Audience| request.reset.iter().any(|reset| *reset == it.to_string());
    let is_held = |it: &Audience| {
        cursor
            .as_ref()
            .is_some_and(|cursor| cursor.holds(*it) && cursor.seq >= feed.floor(*it))
            && !is_reset(*it)
    };
    let (held, entered): (Vec<_>, Vec<_>) = mine.iter().copied().partition(is_held);
    let leave = cursor
        .as_ref()
        .map(|it| it.left(&mine, signed))
        .unwrap_or_default();
    let since = cursor.as_ref().map_or(0, |it| it.seq);
    let is_quiet =
        entered.is_empty() && leave.is_empty() && pushed.outcomes.is_empty() && !request.check;
    if is_quiet && !feed.is_newer(&held, since) {
        let next = [(
            HeaderName::from_static("x-next-ms"),
            HeaderValue::from(NEXT_MS),
        )];
        return Ok((StatusCode::NO_CONTENT, no_store(), next).into_response());
    }

    let half = |it: &Audience| {
        let half = cursor.as_ref().and_then(|cursor| cursor.half(*it));
        // Where tombstones went since its beginning, an audience begins anew.
        half.filter(|half| half.began >= feed.floor(*it) && !is_reset(*it))
    };
    let entered: Vec<_> = entered.iter().map(|it| (*it, half(it))).collect();
    let (page, check) = page_of(services, held, since, &entered, request.check).await?;
    let answer = SyncAnswer {
        history: feed.history(),
        now: services.clock.now(),
        cursor: Cursor::new(feed.history(), page.seq, &page.held, page.half).to_string(),
        more: page.more,
        next_ms: NEXT_MS,
        last: pushed.last,
        outcomes: pushed.outcomes,
        audiences: AudienceChanges {
            enter: page.enter.iter().map(|it| it.to_string().into()).collect(),
            leave,
        },
        rows: page.rows,
        check,
    };
    Ok((no_store(), Json(answer)).into_response())
}

/// The next page, from memory when that holds all of it, with the sums that a device asked for.
async fn page_of(
    services: &Services,
    held: Vec<Audience>,
    since: i64,
    entered: &[(Audience, Option<Half>)],
    is_check: bool,
) -> ApiResult<(Page, Option<Sums>)> {
    if entered.is_empty() && !is_check {
        let at_hand = services.feed.recent(&held, since);
        let fits = |rows: &[RowChange]| rows.iter().map(page::size).sum::<usize>() < PAGE_BYTES;
        if let Some((seq, rows)) = at_hand.filter(|it| fits(&it.1)) {
            let page = Page {
                seq,
                rows,
                enter: Vec::new(),
                held,
                half: None,
                more: false,
            };
            return Ok((page, None));
        }
    }
    let mut tx = services.db.read().await?;
    let page = page::read(&mut tx, &held, since, entered).await?;
    let check = if is_check && !page.more {
        Some(sums(&mut tx, &page.held).await?)
    } else {
        None
    };
    Ok((page, check))
}

type Sums = BTreeMap<Box<str>, (u64, u64)>;

async fn sums(conn: &mut Conn, audiences: &[Audience]) -> ApiResult<Sums> {
    let mut sums = Sums::new();
    for audience in audiences {
        let live = queries::live(conn, *audience, 0, i64::MAX, usize::MAX).await?;
        let sum = live.iter().fold((0, 0), |(count, sum), row| {
            (count + 1, sum ^ row_sum(&row.0, &row.1, row.2))
        });
        sums.insert(audience.to_string().into(), sum);
    }
    Ok(sums)
}

fn problem_answer(problem: &Problem) -> Response {
    let status = match problem {
        Problem::NotYours | Problem::Disabled => StatusCode::FORBIDDEN,
        Problem::Forked | Problem::Gap { .. } | Problem::History => StatusCode::CONFLICT,
        Problem::Malformed { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Outdated { .. } => StatusCode::UPGRADE_REQUIRED,
        Problem::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, no_store(), Json(problem)).into_response()
}

fn no_store() -> [(HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}
