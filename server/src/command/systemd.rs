//! A word to systemd, where it asked for one (`Type=notify`): a restart of one node after the other waits for each.

use std::os::{
    linux::net::SocketAddrExt as _,
    unix::net::{SocketAddr, UnixDatagram},
};

/// Says `READY=1` or `STOPPING=1`. Nobody hears it outside of systemd, and nothing depends on it.
pub(super) fn tell(word: &str) {
    let Some(name) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let name = name.to_string_lossy();
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&*name),
    };
    let told = address.and_then(|it| UnixDatagram::unbound()?.send_to_addr(word.as_bytes(), &it));
    if let Err(error) = told {
        tracing::warn!(error = error.to_string(), "Could not tell systemd");
    }
}
