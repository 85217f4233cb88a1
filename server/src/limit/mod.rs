//! Limits. In this file: attempts to sign in, counted in the database, so that they outlive a restart and hold for all
//! server processes together; what is counted is a keyed hash of an address or a network, so that the table tells nobody
//! who tried. Beside it, in memory: [`rate`] (how often somebody may ask), [`stream`] (how many streams somebody may keep
//! open), [`door`] (connections: how many, and how long without a word).

pub mod door;
mod queries;
mod rate;
mod stream;

pub use rate::{Rate, Rates, Used};
pub use stream::Streams;
pub(crate) use stream::few_streams;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use domain::time::{DAY, MINUTE, Time};

use crate::{
    account::secret,
    db::Conn,
    error::{ApiError, ApiResult},
    services::{Clock, Services},
};

/// Bytes of a form: its longest texts are a few thousand characters.
pub(crate) const FORM_BYTES: usize = 64 << 10;

/// So many attempts within so many milliseconds.
#[derive(Debug, Clone, Copy)]
struct Window {
    most: i64,
    within: i64,
}

/// A limit with a name; each of its windows holds. No window is longer than a day: `job` removes what is older.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    name: &'static str,
    windows: &'static [Window],
}

/// Mails for one address. Codes have a million values and five tries each: with ten codes a day, guessing at one
/// address for a year finds a code with a probability of under two in a hundred, and the person sees every mail.
pub(crate) const ASK_OF_ADDRESS: Limit = Limit {
    name: "ask.address",
    windows: &[
        Window {
            most: 5,
            within: 15 * MINUTE,
        },
        Window {
            most: 10,
            within: DAY,
        },
    ],
};
/// Mails asked for from one network: a lecture hall of three hundred gets in, and for the whole day one network can try
/// fewer codes than with thirty in every quarter of an hour.
pub(crate) const ASK_OF_NETWORK: Limit = Limit {
    name: "ask.network",
    windows: &[
        Window {
            most: 400,
            within: 15 * MINUTE,
        },
        Window {
            most: 1_000,
            within: DAY,
        },
    ],
};
/// Tries at one code. Counted here even when no code was sent, so that an unknown address answers the same.
pub(crate) const TRY_CODE: Limit = Limit {
    name: "try.code",
    windows: &[Window {
        most: 5,
        within: 10 * MINUTE,
    }],
};

/// Takes one attempt from each limit, or none from any.
///
/// # Errors
/// [`ApiError::TooMany`] with the seconds until the first refused limit has room again.
pub(crate) async fn take(conn: &mut Conn, limits: &[(Limit, &str)], now: Time) -> ApiResult<()> {
    let secret = secret::of_company(conn).await?;
    queries::one_at_a_time(conn).await?;
    let keys: Vec<_> = limits
        .iter()
        .map(|(limit, of)| secret::hash(&[&secret, limit.name, of]).to_string())
        .collect();
    for ((limit, _), key) in limits.iter().zip(&keys) {
        for window in limit.windows {
            let (count, first) =
                queries::attempts_since(conn, key, now.plus(-window.within)).await?;
            if count >= window.most {
                let wait = first.map_or(window.within, |it| it.plus(window.within).since(now));
                return Err(ApiError::TooMany((wait + 999) / 1_000));
            }
        }
    }
    for key in &keys {
        queries::attempt(conn, key, now).await?;
    }
    Ok(())
}

/// How many attempts of the limit's first window are left.
///
/// # Errors
/// When the database fails.
pub(crate) async fn left(conn: &mut Conn, (limit, of): (Limit, &str), now: Time) -> ApiResult<i64> {
    let secret = secret::of_company(conn).await?;
    let key = secret::hash(&[&secret, limit.name, of]).to_string();
    let Some(window) = limit.windows.first() else {
        return Ok(0);
    };
    let (count, _) = queries::attempts_since(conn, &key, now.plus(-window.within)).await?;
    Ok((window.most - count).max(0))
}

/// What it takes to count a network: less than all that handlers share, because every request passes here.
pub(crate) struct Counter {
    used: Arc<Used>,
    clock: Clock,
    hops: u8,
}

impl Counter {
    pub(crate) fn of(services: &Services) -> Arc<Self> {
        Arc::new(Self {
            used: services.used.clone(),
            clock: services.clock.clone(),
            hops: services.config.trusted_proxy_hops,
        })
    }
}

/// A layer that counts what a network asks for, before anything is looked up for it.
pub(crate) async fn count_network(
    State(counter): State<Arc<Counter>>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let visitor = visitor(peer.map(|it| it.0.ip()), request.headers(), counter.hops);
    let what = (request.method(), request.uri().path());
    counter
        .used
        .network(visitor.map(network), what, counter.clock.now())?;
    Ok(next.run(request).await)
}

/// The network a request came from, as text: what is counted, never logged.
pub(crate) fn network_of(peer: Option<IpAddr>, headers: &HeaderMap, hops: u8) -> String {
    match visitor(peer, headers, hops).map(network) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(it)) => format!("{it}/24"),
        Some(IpAddr::V6(it)) => format!("{it}/64"),
    }
}

/// The address a request came from.
///
/// Behind `hops` proxies of ours the visitor is the entry that the outermost of them added to `X-Forwarded-For`, counted
/// from the right; everything further left the visitor could have written.
fn visitor(peer: Option<IpAddr>, headers: &HeaderMap, hops: u8) -> Option<IpAddr> {
    let forwarded = || {
        let entries = headers
            .get_all("x-forwarded-for")
            .into_iter()
            .filter_map(|it| it.to_str().ok());
        let entries: Vec<_> = entries
            .flat_map(|it| it.split(','))
            .map(str::trim)
            .collect();
        address(entries[entries.len().checked_sub(usize::from(hops))?])
    };
    if hops == 0 {
        peer
    } else {
        forwarded().or(peer)
    }
}

/// An address as proxies write it, with or without port and brackets.
fn address(text: &str) -> Option<IpAddr> {
    let plain = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse()
        .ok()
        .or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
        .or_else(plain)
}

/// A /24 of IPv4, a /64 of IPv6: what one household or one dormitory can choose from freely.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(Ipv4Addr::from_bits(it.to_bits() & 0xFFFF_FF00)),
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests;
