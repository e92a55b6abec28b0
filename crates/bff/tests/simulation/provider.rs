//! The provider's side of one grant.

use confidant_bff::{
    Reuse,
    store::{TokenRequirement, TokenResponse},
    testing::Outcome,
};
use confidant_wire::{Claims, UnixMillis};
use std::{collections::HashMap, time::Duration};

/// The lifetime of access tokens, in seconds.
pub(crate) const LIFETIME: u64 = 30;
/// The grace period of a provider that has one.
pub(crate) const WINDOW: Duration = Duration::from_secs(20);

/// How the provider treats refresh tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// One token for ever, which responses leave out.
    Static,
    /// A new token each time. An old one revokes the family.
    Strict,
    /// A new token each time. Within the grace period, the old one yields
    /// another.
    GraceNewPair,
    /// A new token each time. Within the grace period, the old one yields the
    /// same successor.
    GraceSameSuccessor,
}

impl Policy {
    pub(crate) fn reuse(self) -> Reuse {
        match self {
            Self::Static => Reuse::Reusable,
            Self::Strict => Reuse::Strict,
            Self::GraceNewPair | Self::GraceSameSuccessor => Reuse::Grace(WINDOW),
        }
    }
}

/// The token family (RFC 9700, section 4.14.2), as the provider stores it.
pub(crate) struct Family {
    policy: Policy,
    issued: u64,
    /// When each refresh token was first used, and its successor.
    spent: HashMap<String, (UnixMillis, String)>,
    /// When each access token expires.
    expires_at: HashMap<String, UnixMillis>,
    revoked: bool,
}

impl Family {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            issued: 1,
            spent: HashMap::new(),
            expires_at: HashMap::new(),
            revoked: false,
        }
    }

    pub(crate) fn first(&mut self, now: UnixMillis) -> TokenResponse {
        self.issue(&TokenRequirement::default(), Some("rt-1".into()), now)
    }

    /// Whether this access token is valid.
    pub(crate) fn accepts(&self, token: &str, now: UnixMillis) -> bool {
        self.expires_at.get(token).is_some_and(|end| *end > now)
    }

    fn issue(
        &mut self,
        requirement: &TokenRequirement,
        refresh_token: Option<String>,
        now: UnixMillis,
    ) -> TokenResponse {
        let response = response(requirement, self.issued, refresh_token);
        self.expires_at
            .insert(response.access_token.clone(), now + LIFETIME * 1000);
        response
    }

    /// Processes a refresh.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        requirement: &TokenRequirement,
        now: UnixMillis,
    ) -> Outcome {
        if self.revoked {
            return Outcome::Dead("invalid_grant".into());
        }
        let next = match (self.policy, self.spent.get(token).cloned()) {
            (Policy::Static, _) => None,
            (_, None) => {
                let next = self.successor();
                self.spent.insert(token.to_owned(), (now, next.clone()));
                Some(next)
            }
            (Policy::GraceNewPair, Some((at, _))) if within(at, now) => Some(self.successor()),
            (Policy::GraceSameSuccessor, Some((at, next)))
                if within(at, now) && !self.spent.contains_key(&next) =>
            {
                Some(next)
            }
            (_, Some(_)) => {
                self.revoked = true;
                return Outcome::Dead("invalid_grant".into());
            }
        };
        self.issued += 1;
        Outcome::Success(Box::new(self.issue(requirement, next, now)))
    }

    fn successor(&self) -> String {
        format!("rt-{}", self.issued + 1)
    }
}

fn within(at: UnixMillis, now: UnixMillis) -> bool {
    now.saturating_sub(at) < u64::try_from(WINDOW.as_millis()).unwrap()
}

fn response(
    requirement: &TokenRequirement,
    number: u64,
    refresh_token: Option<String>,
) -> TokenResponse {
    TokenResponse {
        access_token: format!("at-{number} for {}", resource(requirement)),
        token_type: "Bearer".into(),
        expires_in: Some(LIFETIME),
        scopes: None,
        refresh_token,
        id_token: None,
        extras: Claims::new(),
    }
}

pub(crate) fn resource(requirement: &TokenRequirement) -> &str {
    requirement.resource.as_deref().unwrap_or("anything")
}
