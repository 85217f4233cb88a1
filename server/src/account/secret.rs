//! Secrets: made by chance, kept as hashes, compared in constant time.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::queries;
use crate::{db::Conn, error::ApiResult};

/// SHA-256 of some parts. Written in hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Hash([u8; 32]);

/// Hashes parts so that no two lists of parts look the same.
pub(crate) fn hash(parts: &[&str]) -> Hash {
    let mut hasher = Sha256::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            hasher.update([0]);
        }
        hasher.update(part.as_bytes());
    }
    Hash(hasher.finalize().into())
}

impl Hash {
    /// Is this the hash that was written down? Takes the same time wherever they differ.
    pub(super) fn is(self, written: &str) -> bool {
        bool::from(self.to_string().as_bytes().ct_eq(written.as_bytes()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(…)")
    }
}

/// 256 random bits as 64 hexadecimal digits: a cookie's value, a link's secret.
pub(crate) fn token() -> String {
    Hash(rand::random()).to_string()
}

/// Six random digits.
pub(super) fn code() -> String {
    format!("{:06}", rand::random_range(0..1_000_000_u32))
}

/// The hash of a code. The mail's id in it makes two equal codes look different.
pub(super) fn hash_of_code(id: domain::id::InvitationId, code: &str) -> Hash {
    hash(&[&id.to_string(), code])
}

/// The database's own secret, made when it is first needed: what hashes of addresses and networks are keyed with.
pub(crate) async fn of_company(conn: &mut Conn) -> ApiResult<String> {
    if let Some(secret) = queries::secret(conn).await? {
        return Ok(secret);
    }
    queries::set_secret(conn, &token()).await?;
    // Another process may have been quicker: what is written counts.
    queries::secret(conn)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the database keeps no secret").into())
}
