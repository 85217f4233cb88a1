//! One exchange with the server: bytes out, an [`Answer`] back. What cannot be understood is [`Answer::Unclear`].

use domain::{
    id::MemberId,
    sync::{
        machine::ANSWER_WITHIN,
        wire::{Answer, Problem, SyncRequest},
    },
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCredentials, RequestInit, Response};

use crate::browser;

/// Sends one request of the sync machine. `who` goes with it, so that the wishes of one person can never be delivered
/// with the session of another who signed in on this device meanwhile.
pub(crate) async fn sync(request: &SyncRequest, who: MemberId) -> Answer {
    let Ok(body) = serde_json::to_string(request) else {
        return Answer::Unclear;
    };
    let sent = post("/api/v1/sync", &body, Some(who)).await;
    match sent {
        Ok(response) => understand(&response).await.unwrap_or(Answer::Unclear),
        Err(_) => Answer::Unclear,
    }
}

/// Tells the server that this session ends. False when nobody heard.
pub(crate) async fn sign_out() -> bool {
    let answer = post("/sign-out", "{}", None).await;
    answer.is_ok_and(|it| it.ok() || it.status() == 401)
}

/// A POST that ends after fifteen seconds at the latest, the reading of the body included.
async fn post(path: &str, body: &str, who: Option<MemberId>) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("x-kakehashi", "1")?;
    if let Some(who) = who {
        headers.set("x-kakehashi-member", &who.to_string())?;
    }
    let controller = AbortController::new()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(headers.as_ref());
    init.set_body(&JsValue::from_str(body));
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_signal(Some(&controller.signal()));
    // Aborting what has ended does nothing, so the timer needs no end of its own.
    browser::after(ANSWER_WITHIN, Box::new(move || controller.abort()));
    let response = JsFuture::from(browser::window().fetch_with_str_and_init(path, &init)).await?;
    response.dyn_into()
}

/// Every status the protocol knows; any other, and any body that cannot be read, says nothing.
async fn understand(response: &Response) -> Result<Answer, JsValue> {
    let headers = response.headers();
    let number = |name: &str| -> i64 {
        let text = headers.get(name).ok().flatten();
        text.and_then(|it| it.trim().parse().ok()).unwrap_or(0)
    };
    Ok(match response.status() {
        200 => domain::json::read(&text(response).await?)
            .map_or(Answer::Unclear, |it| Answer::Changes(Box::new(it))),
        204 => Answer::Nothing {
            next_ms: number("x-next-ms"),
        },
        401 => Answer::SignedOut,
        403 | 409 | 422 | 426 => domain::json::read::<Problem>(&text(response).await?)
            .map_or(Answer::Unclear, Answer::Problem),
        413 => Answer::TooLarge,
        429 | 503 => Answer::Later {
            wait_ms: number("retry-after").saturating_mul(1_000),
        },
        _ => Answer::Unclear,
    })
}

async fn text(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
