//! SQL of what mails need to know.

use anyhow::{Context, Result};
use domain::{
    id::MemberId,
    member::{Language, Role},
};

use crate::db::Conn;

/// Somebody who can be written to.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) language: Language,
}

/// A member who has a place here; nobody else is written to.
pub(super) async fn reader(db: &mut Conn, member: MemberId) -> Result<Option<(Reader, Role)>> {
    let row: Option<(String, String, String, String)> = sqlx::query_as(
        "select name, email, language, role from members where id = $1 and left_at is null",
    )
    .bind(member.to_string())
    .fetch_optional(db)
    .await
    .context("cannot look up who is written to")?;
    row.map(|(name, email, language, role)| {
        let role = Role::from_code(&role).context("a member has a role that nobody knows")?;
        Ok((
            Reader {
                name,
                email,
                language: Language::from_code(&language).unwrap_or_default(),
            },
            role,
        ))
    })
    .transpose()
}
