//! Pages rendered on the server: rows for the page, the page, its headers.

use app::{
    device::Device,
    document::{document, empty},
    online::Online,
    page::{Bundle, Page},
    start::{FormAnswer, Start, Who},
    ui,
};
use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{member::Language, refusal::Refusal, sync::wire::RowChange, visibility::audiences_of};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::{
    account,
    actor::{Signed, Visitor},
    asset, calendar,
    error::{ApiError, ApiResult},
    learning, member,
    services::Services,
    subsidy,
    sync::rows_for,
};

/// What a form without script came back with, as a query that survives the redirect.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Came {
    /// `done`, or the refusal as JSON.
    #[serde(default)]
    answer: Option<String>,
}

impl Came {
    fn read(self) -> Option<FormAnswer> {
        match self.answer?.as_str() {
            "done" => Some(FormAnswer::Done),
            other => serde_json::from_str::<Refusal>(other)
                .ok()
                .map(FormAnswer::Refused),
        }
    }
}

/// Every address that is not a route: a built file, or a page.
pub(crate) async fn fallback(
    Visitor(signed): Visitor,
    State(services): State<Services>,
    Query(came): Query<Came>,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    if let Some(file) = asset::file(&services, &uri, &headers) {
        return Ok(file);
    }
    if uri.path().starts_with("/assets/") {
        // A file of another build is missing, never a page: what loads it could not read one.
        return Err(ApiError::NotFound);
    }
    let Some(page) = Page::parse(uri.path(), uri.query().unwrap_or("")) else {
        let language = account::language_of(&headers);
        return Ok(
            plain(&services, language, "404", StatusCode::NOT_FOUND, || {
                ui::NotFound().into_any()
            })
            .await,
        );
    };
    let Some(signed) = signed else {
        return Ok(account::to_sign_in(&page));
    };
    let language = account::language_of(&headers);
    if !page.is_for(signed.role) {
        // The other side's front door leads to one's own; everything else is not there.
        if matches!(page, Page::Home | Page::Today) {
            return Ok(Redirect::to(&Page::first_of(signed.role).path()).into_response());
        }
        return Ok(
            plain(&services, language, "404", StatusCode::NOT_FOUND, || {
                ui::NotFound().into_any()
            })
            .await,
        );
    }
    let online = match online(&services, signed, &page, language).await {
        Err(ApiError::NotFound) => {
            return Ok(
                plain(&services, language, "404", StatusCode::NOT_FOUND, || {
                    ui::NotFound().into_any()
                })
                .await,
            );
        }
        other => other?,
    };
    page_with(
        &services,
        signed,
        language,
        page,
        online,
        came.read(),
        StatusCode::OK,
    )
    .await
}

/// What only the server knows, for pages that are not in the replica.
async fn online(
    services: &Services,
    signed: Signed,
    page: &Page,
    language: Language,
) -> ApiResult<Option<Online>> {
    Ok(match page {
        Page::Devices => Some(Online::Devices(
            account::devices(&mut *services.db.read().await?, signed).await?,
        )),
        Page::Calendar => Some(Online::Calendar(
            calendar::feed_of(&mut *services.db.read().await?, signed).await?,
        )),
        Page::Import => Some(Online::Import(
            member::import_state(&mut *services.db.read().await?, signed.as_hr()?).await?,
        )),
        Page::Subsidies => Some(subsidy::console(services, signed.as_hr()?).await?),
        Page::StaffCourses => Some(learning::console(services, signed.as_hr()?).await?),
        Page::Play(course, lesson) => Some(Online::Play(
            learning::play(services, signed, (*course, *lesson), language).await?,
        )),
        _ => None,
    })
}

/// A page of somebody signed in.
pub(crate) async fn page_with(
    services: &Services,
    signed: Signed,
    language: Language,
    page: Page,
    online: Option<Online>,
    answer: Option<FormAnswer>,
    status: StatusCode,
) -> ApiResult<Response> {
    let mut tx = services.db.read().await?;
    let audiences: Vec<_> = audiences_of(signed.id, signed.role)
        .into_iter()
        .filter(|it| !it.is_on_demand())
        .collect();
    let rows = rows_for(&mut tx, &audiences, &kinds_of(&page)).await?;
    let lesson = match page {
        Page::Lesson(course, lesson) => learning::text(&mut tx, course, lesson, language).await?,
        _ => None,
    };
    drop(tx);
    let start = Start {
        build: services.site.build.clone(),
        now: services.clock.now(),
        language,
        who: Some(Who {
            id: signed.id,
            role: signed.role,
        }),
        rows: only_for(&page, rows),
        lesson,
        online,
        answer,
    };
    let bundle = Bundle::of(signed.role);
    let title = page.title(language);
    // What the server draws alone carries no code.
    let code = (!page.is_online_only()).then_some(bundle);
    // One page shows what stands elsewhere: where packages play.
    let play = services.config.play.clone();
    let frame = play.filter(|_| matches!(page, Page::Play(..)));
    let assets = services.site.assets(bundle);
    let shown = start.clone();
    let view = move || {
        let device = Device::new(&shown, Some(page.clone()));
        match bundle {
            Bundle::Portal => view! { <app::Portal device/> }.into_any(),
            Bundle::Console => view! { <app::Console device/> }.into_any(),
        }
    };
    Ok(render_with(status, frame, move || {
        document(title, &start, &assets, code, false, view()).into_any()
    })
    .await)
}

/// A page without code, before signing in or instead of one that is not there.
pub(crate) async fn plain(
    services: &Services,
    language: Language,
    title: &str,
    status: StatusCode,
    view: impl FnOnce() -> AnyView + Send + 'static,
) -> Response {
    // Leptos may call a renderer more than once; a page is made once.
    let view = std::sync::Arc::new(std::sync::Mutex::new(Some(view)));
    let start = Start {
        build: String::new(),
        now: services.clock.now(),
        language,
        who: None,
        rows: Vec::new(),
        lesson: None,
        online: None,
        answer: None,
    };
    let assets = services.site.assets(Bundle::Portal);
    let title = title.to_owned();
    render(status, move || {
        provide_context(Device::new(&start, None));
        let view = view.lock().ok().and_then(|mut it| it.take());
        document(
            &title,
            &start,
            &assets,
            None,
            false,
            view.map_or_else(|| ().into_any(), |view| view()),
        )
        .into_any()
    })
    .await
}

/// The neutral shell: a document without data, filled by the bundle from what the device holds.
pub(crate) async fn shell(
    State(services): State<Services>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let bundle = if uri.path().starts_with("/staff") {
        Bundle::Console
    } else {
        Bundle::Portal
    };
    let start = Start {
        build: services.site.build.clone(),
        now: services.clock.now(),
        language: account::language_of(&headers),
        who: None,
        rows: Vec::new(),
        lesson: None,
        online: None,
        answer: None,
    };
    let assets = services.site.assets(bundle);
    render(StatusCode::OK, move || {
        let empty = empty(start.language).into_any();
        document("架け橋", &start, &assets, Some(bundle), true, empty).into_any()
    })
    .await
}

/// Kinds of rows that a page shows. Slots are the long ones: only pages that choose a time carry them.
fn kinds_of(page: &Page) -> Vec<&'static str> {
    let own: &[_] = match page {
        Page::Home | Page::Bookings | Page::Host(..) => &[
            "host",
            "slot",
            "booking",
            "promise",
            "event",
            "event_places",
            "rsvp",
        ],
        Page::Events | Page::Event(_) => &[
            "event",
            "event_places",
            "rsvp",
            "question",
            "own_question",
            "breakout",
        ],
        Page::Courses | Page::Course(_) | Page::Lesson(..) => {
            &["course", "enrollment", "progress", "subsidy", "faq"]
        }
        Page::Faq => &["faq"],
        Page::Plans | Page::NewPlan(_) | Page::Plan(_) | Page::EditPlan(_) | Page::Door(_) => &[
            "event_plan",
            "event_places",
            "guest",
            "question",
            "event_breakouts",
        ],
        Page::Booking(_) => &["host", "booking", "record", "promise"],
        Page::Slots => &["availability", "host_slot", "host_booking"],
        Page::Today | Page::Interviews | Page::Interview(_) | Page::Promises => {
            &["host_booking", "record", "promise", "open_subsidy"]
        }
        Page::Me
        | Page::Sync
        | Page::Sights
        | Page::Devices
        | Page::Calendar
        | Page::Play(..)
        | Page::People
        | Page::Import
        | Page::StaffCourses
        | Page::StaffCourse(_)
        | Page::Subsidies
        | Page::Settings => &[],
    };
    [&["me", "company", "outcome"], own].concat()
}

/// Of slots, only those a page draws: one host's, or the next few of each host.
fn only_for(page: &Page, rows: Vec<RowChange>) -> Vec<RowChange> {
    const NEXT_OF_EACH: usize = 2;
    let mut slots: Vec<(domain::booking::Slot, RowChange)> = Vec::new();
    let mut others = Vec::new();
    for row in rows {
        let slot = row
            .4
            .as_ref()
            .filter(|_| &*row.0 == "slot")
            .and_then(|it| serde_json::from_str(it.get()).ok());
        match slot {
            Some(slot) => slots.push((slot, row)),
            None => others.push(row),
        }
    }
    slots.sort_by_key(|it| it.0.starts);
    let mut shown: std::collections::HashMap<domain::id::MemberId, usize> =
        std::collections::HashMap::new();
    others.extend(slots.into_iter().filter_map(|(slot, row)| match page {
        Page::Host(host, _) => (slot.host == *host).then_some(row),
        _ => {
            let count = shown.entry(slot.host).or_default();
            *count += 1;
            (*count <= NEXT_OF_EACH).then_some(row)
        }
    }));
    others
}

/// Renders with leptos and puts the headers on that belong to a page: its own policy with its own nonce, no store.
async fn render(
    status: StatusCode,
    view: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
) -> Response {
    render_with(status, None, view).await
}

/// As [`render`], for a page that shows another origin in a frame.
async fn render_with(
    status: StatusCode,
    frame: Option<String>,
    view: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
) -> Response {
    let handler = leptos_axum::render_app_async_with_context(
        move || {
            let nonce = leptos::nonce::use_nonce()
                .map(|it| it.to_string())
                .unwrap_or_default();
            let options = expect_context::<leptos_axum::ResponseOptions>();
            let frame = frame.as_ref();
            let frame = frame.map_or_else(String::new, |it| format!("; frame-src {it}"));
            if let Ok(policy) = HeaderValue::from_str(&(policy(&nonce) + &frame)) {
                options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
        },
        view,
    );
    let mut response = handler(Request::default()).await.into_response();
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    response
}

/// Only our own files and the one inline script that bears the nonce; nothing from elsewhere, no inline styles.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; media-src 'self'; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// A form without script goes back to a page, with the answer in words on it.
pub(crate) fn back_to(page: &Page, result: &ApiResult<()>) -> ApiResult<Response> {
    let answer = match result {
        Ok(()) => "done".to_owned(),
        Err(ApiError::Refused(no)) => serde_json::to_string(no).map_err(anyhow::Error::from)?,
        Err(_) => return Err(ApiError::NotFound),
    };
    let query = utf8_percent_encode(&answer, NON_ALPHANUMERIC);
    let path = page.path();
    let joint = if path.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!("{path}{joint}answer={query}")).into_response())
}
