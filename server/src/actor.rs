//! Who is asking. A handler's first argument is one of these, so its policy is its signature.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use domain::{
    id::{MemberId, SessionId},
    member::Role,
};

use crate::{account, error::ApiError, services::Services};

/// Whoever it is, signed in or not.
#[derive(Debug, Clone, Copy)]
pub struct Visitor(pub Option<Signed>);

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// The member.
    pub id: MemberId,
    /// Their role.
    pub role: Role,
    /// Their session.
    pub session: SessionId,
}

macro_rules! actors {
    ($($(#[$doc:meta])* $name:ident, $narrow:ident: $is:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(Signed);

        impl $name {
            /// The member.
            #[must_use]
            pub fn id(self) -> MemberId {
                self.0.id
            }

            /// As anybody signed in.
            #[must_use]
            pub fn signed(self) -> Signed {
                self.0
            }
        }

        impl Signed {
            /// The narrower actor.
            ///
            /// # Errors
            /// [`ApiError::NotFound`] when the role is another: what is not for somebody is not there for them.
            pub fn $narrow(self) -> Result<$name, ApiError> {
                let is: fn(Role) -> bool = $is;
                if is(self.role) { Ok($name(self)) } else { Err(ApiError::NotFound) }
            }
        }

        impl FromRequestParts<Services> for $name {
            type Rejection = ApiError;
            async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, ApiError> {
                <Signed as FromRequestParts<Services>>::from_request_parts(parts, services).await?.$narrow()
            }
        }
    )*};
}

actors! {
    /// An offer-holder.
    OfferHolder, as_offer_holder: |it| it == Role::OfferHolder;
    /// Somebody who opens slots: a mentor or HR.
    Host, as_host: Role::is_host;
    /// HR or the owner.
    Hr, as_hr: Role::is_hr;
    /// The desk officer.
    DeskOfficer, as_desk_officer: |it| it == Role::DeskOfficer;
    /// The owner.
    Owner, as_owner: |it| it == Role::Owner;
}

impl FromRequestParts<Services> for Signed {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, ApiError> {
        known(parts, services).await?.ok_or(ApiError::SignedOut)
    }
}

impl OptionalFromRequestParts<Services> for Signed {
    type Rejection = ApiError;
    async fn from_request_parts(
        parts: &mut Parts,
        services: &Services,
    ) -> Result<Option<Self>, ApiError> {
        known(parts, services).await
    }
}

impl FromRequestParts<Services> for Visitor {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, ApiError> {
        Ok(Self(known(parts, services).await?))
    }
}

/// Who is signed in, if anybody is. What they ask for is counted: see [`crate::limit`].
async fn known(parts: &Parts, services: &Services) -> Result<Option<Signed>, ApiError> {
    let signed = account::signed(parts, services).await?;
    if let Some(it) = signed {
        let now = services.clock.now();
        services.used.person(it.id, parts.uri.path(), now)?;
    }
    Ok(signed)
}
