//! How many streams of events one person may keep open: each is a connection that never ends by itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::id::MemberId;
use futures::StreamExt as _;

use crate::{
    actor::Signed,
    error::{ApiError, ApiResult},
    services::Services,
};

/// Of the tabs of a browser one listens for all, so these are as many browsers.
const MOST: usize = 16;
/// Seconds after which it is worth another try.
const WAIT: i64 = 30;

/// The open streams of everybody.
#[derive(Debug, Default)]
pub struct Streams(Mutex<HashMap<MemberId, usize>>);

impl Streams {
    fn open(self: &Arc<Self>, member: MemberId) -> ApiResult<Open> {
        let mut streams = self.counted();
        let count = streams.entry(member).or_default();
        if *count >= MOST {
            return Err(ApiError::TooMany(WAIT));
        }
        *count += 1;
        drop(streams);
        Ok(Open {
            streams: self.clone(),
            member,
        })
    }

    fn counted(&self) -> MutexGuard<'_, HashMap<MemberId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One open stream; counted until it is dropped.
struct Open {
    streams: Arc<Streams>,
    member: MemberId,
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut streams = self.streams.counted();
        if let Some(count) = streams.get_mut(&self.member) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.member);
            }
        }
    }
}

/// A layer that counts the streams of whoever is signed in.
pub(crate) async fn few_streams(
    signed: Signed,
    State(services): State<Services>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let open = services.streams.open(signed.id)?;
    let response = next.run(request).await;
    Ok(response.map(|body| {
        Body::from_stream(body.into_data_stream().map(move |it| {
            // Lives as long as the stream does.
            let _ = &open;
            it
        }))
    }))
}
