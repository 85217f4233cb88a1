//! `GET /api/v1/poke`: server-sent events without content that say "pull now".

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::stream;

use super::cursor::audiences;
use crate::{actor::Signed, drain, services::Services};

/// Changes within this time make one poke.
const COALESCE: Duration = Duration::from_millis(250);
/// A stream says that it lives at least this often.
const ALIVE: Duration = Duration::from_secs(25);

/// Pokes for what this member may see, until this process leaves: then the browser opens its line anew, after a pause of
/// its own, and finds another process.
pub async fn poke(signed: Signed, State(services): State<Services>) -> Response {
    if services.config.drain.has_begun() {
        return drain::ask_another();
    }
    // Lists on demand are pulled when they are looked at; nobody is woken for them.
    let mine = audiences(signed, &[]);
    let listening = services.feed.listen();
    let events = stream::unfold(
        (listening, services, mine, true),
        |(mut listening, services, mine, is_first)| async move {
            if !is_first {
                let has_changed = tokio::select! {
                    it = listening.changed(&mine) => it,
                    () = services.config.drain.begun() => false,
                };
                if !has_changed {
                    return None;
                }
                tokio::time::sleep(
                    COALESCE.min(Duration::from_millis(services.feed.within_ms() as u64 / 4)),
                )
                .await;
                listening.settle();
            }
            // The first event closes the hole between the page's last pull and the begin of listening.
            let event =
                Event::default().data(format!("{{\"within_ms\":{}}}", services.feed.within_ms()));
            Some((
                Ok::<_, Infallible>(event),
                (listening, services, mine, false),
            ))
        },
    );
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    (
        headers,
        Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)),
    )
        .into_response()
}
