//! What a request says of the browser it comes from: cookies, language, network, what it calls itself.

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use domain::{id::InvitationId, member::Language};
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, net::SocketAddr};

use crate::{limit, services::Services};

/// Holds the session's secret.
pub(super) const SESSION: &str = "__Host-session";
/// Holds what this browser asked for, so that a code works only where it was asked for.
pub(super) const PENDING: &str = "__Host-pending";
/// Holds the language somebody chose.
const LANGUAGE: &str = "language";
/// Seconds in a year.
const YEAR: i64 = 365 * 24 * 60 * 60;

/// What a request says of its browser.
pub(super) struct Browser {
    /// The language of its pages.
    pub(super) language: Language,
    /// The language was chosen by hand.
    pub(super) has_chosen: bool,
    /// Browser and system, in words.
    pub(super) label: String,
    /// The network it comes from; counted, never logged.
    pub(super) network: String,
    /// What it asked for.
    pub(super) pending: Option<Pending>,
}

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pending {
    /// Of the code that was mailed, or of none: a browser cannot tell.
    pub(super) id: InvitationId,
    /// As it was typed. It stays in the person's own browser, so that the page can show it.
    pub(super) address: String,
    /// Where the person came from.
    pub(super) back: String,
}

impl FromRequestParts<Services> for Browser {
    type Rejection = Infallible;
    async fn from_request_parts(
        parts: &mut Parts,
        services: &Services,
    ) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|it| it.0.ip());
        let agent = headers
            .get(header::USER_AGENT)
            .and_then(|it| it.to_str().ok());
        Ok(Self {
            language: language_of(headers),
            has_chosen: chosen(headers).is_some(),
            label: label_of(agent.unwrap_or("")),
            network: limit::network_of(peer, headers, services.config.trusted_proxy_hops),
            pending: cookie(headers, PENDING).and_then(|it| serde_json::from_str(&it).ok()),
        })
    }
}

/// The value of a cookie.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    CookieJar::from_headers(headers)
        .get(name)
        .map(|it| it.value().to_owned())
}

/// The secret of the session, when it looks like one.
pub(super) fn session_token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, SESSION).filter(|it| it.len() == 64)
}

/// The language of pages for this browser: the one chosen by hand, else the first of `Accept-Language` that we speak,
/// else Japanese.
#[must_use]
pub fn language_of(headers: &HeaderMap) -> Language {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|it| it.to_str().ok())
        .unwrap_or("");
    chosen(headers)
        .or_else(|| accepted_language(accepted))
        .unwrap_or_default()
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    Language::from_code(&cookie(headers, LANGUAGE)?)
}

/// Of the languages we speak the one with the highest weight; of equal ones the first.
fn accepted_language(header: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for entry in header.split(',') {
        let mut parts = entry.split(';').map(str::trim);
        let tag = parts.next().unwrap_or("").to_ascii_lowercase();
        let Some(language) = Language::from_code(tag.split('-').next().unwrap_or("")) else {
            continue;
        };
        let weight = parts
            .find_map(|it| it.strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0);
        if weight > 0.0 && best.is_none_or(|(_, most)| weight > most) {
            best = Some((language, weight));
        }
    }
    best.map(|it| it.0)
}

/// Browser and system in words, as far as the browser tells them: “Chrome · Android”. The first match counts: most
/// browsers name others as well.
pub(super) fn label_of(agent: &str) -> String {
    const BROWSERS: &[(&str, &str)] = &[
        ("Line/", "LINE"),
        ("Instagram", "Instagram"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("GSA/", "Google"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: &[(&str, &str)] = &[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ];
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|it| agent.contains(it.0)).map(|it| it.1)
    };
    match (first(BROWSERS), first(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Web".to_owned(),
    }
}

/// Gives the browser a cookie for so many seconds; none takes it away. `__Host-` demands `Secure` and the whole site.
pub(super) fn give(response: &mut Response, name: &str, value: &str, seconds: i64) {
    let pair = Cookie::new(name, value).encoded().to_string();
    let http_only = if name == LANGUAGE { "" } else { "; HttpOnly" };
    let text = format!("{pair}; Path=/; Max-Age={seconds}; Secure{http_only}; SameSite=Lax");
    // The pair is percent-encoded, so it is always a header's text.
    if let Ok(text) = HeaderValue::try_from(text) {
        response.headers_mut().append(header::SET_COOKIE, text);
    }
}

/// Takes a cookie away.
pub(super) fn take_away(response: &mut Response, name: &str) {
    give(response, name, "", 0);
}

/// Remembers the chosen language for a year.
pub(super) fn give_language(response: &mut Response, language: Language) {
    give(response, LANGUAGE, language.code(), YEAR);
}
