//! The provider's side of one grant.

use confidant_bff::{
    Reuse,
    store::{TokenRequirement, TokenResponse},
    testing::Outcome,
};
use confidant_wire::{Claims, UnixMillis};
use std::{collections::HashMap, time::Duration};

/// How long access tokens live, in seconds.
pub(crate) const LIFE: u64 = 30;
/// The window of a provider with grace.
pub(crate) const WINDOW: Duration = Duration::from_secs(20);

/// How the provider treats refresh tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// The same token for ever, left out of answers.
    Static,
    /// A new one each time; an old one revokes the family.
    Strict,
    /// A new one each time; within the window the old one gives another.
    GraceNewPair,
    /// A new one each time; within the window the old one gives the same.
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

/// What the provider knows.
pub(crate) struct Family {
    policy: Policy,
    issued: u64,
    /// When each token was first used, and what followed it.
    spent: HashMap<String, (UnixMillis, String)>,
    /// When each access token runs out.
    ends: HashMap<String, UnixMillis>,
    revoked: bool,
}

impl Family {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            issued: 1,
            spent: HashMap::new(),
            ends: HashMap::new(),
            revoked: false,
        }
    }

    pub(crate) fn first(&mut self, now: UnixMillis) -> TokenResponse {
        self.issue(&TokenRequirement::default(), Some("rt-1".into()), now)
    }

    /// Whether this access token is good.
    pub(crate) fn accepts(&self, token: &str, now: UnixMillis) -> bool {
        self.ends.get(token).is_some_and(|end| *end > now)
    }

    fn issue(
        &mut self,
        want: &TokenRequirement,
        refresh_token: Option<String>,
        now: UnixMillis,
    ) -> TokenResponse {
        let answer = answer(want, self.issued, refresh_token);
        self.ends
            .insert(answer.access_token.clone(), now + LIFE * 1000);
        answer
    }

    /// Processes a refresh.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        want: &TokenRequirement,
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
        Outcome::Success(Box::new(self.issue(want, next, now)))
    }

    fn successor(&self) -> String {
        format!("rt-{}", self.issued + 1)
    }
}

fn within(at: UnixMillis, now: UnixMillis) -> bool {
    now.saturating_sub(at) < u64::try_from(WINDOW.as_millis()).unwrap()
}

fn answer(want: &TokenRequirement, number: u64, refresh_token: Option<String>) -> TokenResponse {
    TokenResponse {
        access_token: format!("at-{number} for {}", name(want)),
        token_type: "Bearer".into(),
        expires_in: Some(LIFE),
        scopes: None,
        refresh_token,
        id_token: None,
        extras: Claims::new(),
    }
}

pub(crate) fn name(want: &TokenRequirement) -> &str {
    want.resource.as_deref().unwrap_or("anything")
}
