//! Limits on attempts, counted in the database: they outlive a restart and hold for all server processes together.
//!
//! What is counted is a keyed hash of an address or a network, so that the table tells nobody who tried.

mod queries;

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use domain::time::{DAY, MINUTE, Time};

use crate::{
    account::secret,
    db::Conn,
    error::{ApiError, ApiResult},
};

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

/// Mails for one address. Codes have a million values and five tries each: with twenty codes a day, guessing at one
/// address for a year finds a code with a probability of under four in a hundred, and the person sees every mail.
pub(crate) const ASK_OF_ADDRESS: Limit = Limit {
    name: "ask.address",
    windows: &[
        Window {
            most: 5,
            within: 15 * MINUTE,
        },
        Window {
            most: 20,
            within: DAY,
        },
    ],
};
/// Mails asked for from one network.
pub(crate) const ASK_OF_NETWORK: Limit = Limit {
    name: "ask.network",
    windows: &[Window {
        most: 30,
        within: 15 * MINUTE,
    }],
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

/// The network a request came from, as text: what is counted, never logged.
///
/// Behind `hops` proxies of ours the visitor is the entry that the outermost of them added to `X-Forwarded-For`, counted
/// from the right; everything further left the visitor could have written.
pub(crate) fn network_of(peer: Option<IpAddr>, headers: &HeaderMap, hops: u8) -> String {
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
    let visitor = if hops == 0 {
        peer
    } else {
        forwarded().or(peer)
    };
    visitor.map_or_else(|| "unknown".to_owned(), network)
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
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let [a, b, c, _] = it.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(it) => format!("{}/64", Ipv6Addr::from_bits(it.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests;
