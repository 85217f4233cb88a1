//! Addresses in settings: where people come, and where packages of others play.

/// A scheme and a host.
///
/// # Errors
/// What it should be.
pub(super) fn checked(name: &str, address: &str) -> Result<String, String> {
    let address = address.trim().trim_end_matches('/');
    let begins = || format!("{name} begins with https://; http:// is for localhost only");
    let (scheme, host) = address.split_once("://").ok_or_else(begins)?;
    let is_host = |it: char| it.is_ascii_alphanumeric() || "-.:[]".contains(it);
    if host.is_empty() || !host.chars().all(is_host) {
        return Err(format!(
            "{name} is a scheme and a host, with nothing behind it: https://bridge.example.jp"
        ));
    }
    let is_here = matches!(host_of(address), "localhost" | "127.0.0.1" | "[::1]")
        || host_of(address).ends_with(".localhost");
    match scheme {
        "https" => Ok(address.to_owned()),
        "http" if is_here => Ok(address.to_owned()),
        _ => Err(begins()),
    }
}

/// The host of an address, without its port.
fn host_of(address: &str) -> &str {
    let host = address.split_once("://").map_or(address, |it| it.1);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Where packages of others play; a demo has a place for them by itself.
///
/// # Errors
/// What it should be.
pub(super) fn play(
    given: Option<&str>,
    origin: Option<&str>,
    is_demo: bool,
) -> Result<Option<String>, String> {
    let Some(address) = given else {
        let port = origin.and_then(|it| it.rsplit_once(':')).map(|it| it.1);
        let port = port.filter(|it| is_demo && it.bytes().all(|it| it.is_ascii_digit()));
        return Ok(port.map(|it| format!("http://play.localhost:{it}")));
    };
    let address = checked("--play-address", address)?;
    let is_same = origin.is_some_and(|it| host_of(it) == host_of(&address));
    if is_same {
        return Err("--play-address is another host name than that of --origin: packages must not stand beside sessions".into());
    }
    Ok(Some(address))
}
