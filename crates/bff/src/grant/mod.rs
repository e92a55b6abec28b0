//! A grant: the user's consent, and the tokens obtained with it.
//!
//! - `token`: the tokens, one access token for each requirement

mod token;

pub(crate) use token::LastChange;
pub use token::{AccessToken, CachedToken, TokenRequirement, Tokens};

use crate::{clock::elapsed, digest::fingerprint};
use confidant_protocol::{Reuse, TokenResponse};
use confidant_wire::{Change, TokenKind, TokenView, UnixMillis};
use serde::{Deserialize, Serialize};

/// How many access tokens are stored beside the grant's own.
const MAX_OTHERS: usize = 8;

/// The id of a grant's row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GrantId(pub String);

/// A grant, as one row of the database stores it.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The id of its row.
    pub id: GrantId,
    /// The id of the configured provider.
    pub provider: String,
    /// The number of writes to the row, which compare-and-set compares.
    pub version: u64,
    /// The number of refresh tokens, from 1.
    pub generation: u64,
    /// The number of token responses, from 1.
    pub serial: u64,
    /// Whether it can still be refreshed.
    pub status: GrantStatus,
    /// The current lease holder and when the lease expires.
    pub lease: Option<Lease>,
    /// The refresh that was announced and has no stored outcome yet.
    pub pending: Option<PendingRefresh>,
    /// The secrets.
    pub tokens: Tokens,
}

/// Whether a grant can still be refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantStatus {
    /// It can, as far as is known.
    Active,
    /// The response to its newest refresh token was lost at this time.
    /// [`Reuse`] says whether the token may be presented again.
    Ambiguous(UnixMillis),
    /// The provider no longer honours it; its error code.
    Dead(String),
}

/// The right to refresh, until it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The attempt that holds it.
    pub holder: String,
    /// When it expires.
    pub until: UnixMillis,
}

/// A refresh that was announced before its request was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRefresh {
    /// The name of the attempt.
    pub attempt: String,
    /// The generation of the refresh token that it presents.
    pub generation: u64,
    /// When it was announced.
    pub at: UnixMillis,
}

impl GrantStatus {
    /// Whether the refresh token must not be presented, because the response to
    /// it was lost and the provider may treat its reuse as theft (RFC 9700,
    /// section 4.14.2).
    pub fn may_be_spent(&self, reuse: Reuse, now: UnixMillis) -> bool {
        match self {
            Self::Ambiguous(since) => !reuse.may_present_again(elapsed(*since, now)),
            Self::Active | Self::Dead(_) => false,
        }
    }
}

impl Grant {
    /// Creates a grant from the response to its first token request, which was
    /// sent at `sent_at`.
    pub fn new(
        id: GrantId,
        provider: String,
        response: TokenResponse,
        sent_at: UnixMillis,
    ) -> Self {
        let mut grant = Self {
            id,
            provider,
            version: 1,
            generation: 0,
            serial: 0,
            status: GrantStatus::Active,
            lease: None,
            pending: None,
            tokens: Tokens::default(),
        };
        grant.receive(&TokenRequirement::default(), response, sent_at);
        grant
    }

    /// Stores the response to a token request that was sent at `sent_at`. Keeps
    /// the refresh token if the response contains none (RFC 6749, section 6).
    pub fn receive(
        &mut self,
        requirement: &TokenRequirement,
        response: TokenResponse,
        sent_at: UnixMillis,
    ) {
        self.serial += 1;
        if let Some(new) = response.refresh_token
            && self.tokens.refresh_token.as_ref() != Some(&new)
        {
            self.generation += 1;
            self.tokens.refresh_token = Some(new);
        }
        if response.id_token.is_some() {
            self.tokens.id_token = response.id_token;
        }
        self.tokens.extras = response.extras;
        let scopes = response
            .scopes
            .or_else(|| requirement.scope.clone())
            .unwrap_or_else(|| self.tokens.scopes.clone());
        if requirement.scope.is_none() {
            self.tokens.scopes.clone_from(&scopes);
        }
        self.make_room_for(requirement, sent_at);
        self.tokens.access.push(CachedToken {
            requirement: requirement.clone(),
            serial: self.serial,
            expired: false,
            token: AccessToken {
                secret: response.access_token,
                token_type: response.token_type,
                scopes,
                obtained_at: sent_at,
                expires_at: response
                    .expires_in
                    .map(|seconds| sent_at.saturating_add(seconds.saturating_mul(1000))),
            },
        });
    }

    /// Removes the token that is about to be replaced and, of the tokens beside
    /// the grant's own, those that have expired or are too many: a page may
    /// request any set of scopes, and every request reads the row.
    fn make_room_for(&mut self, requirement: &TokenRequirement, now: UnixMillis) {
        let own = TokenRequirement::default();
        let access = &mut self.tokens.access;
        access.retain(|cached_token| {
            let is_valid = cached_token.token.expires_at.is_none_or(|end| end > now);
            cached_token.requirement != *requirement
                && (is_valid || cached_token.requirement == own)
        });
        let others = access.iter().filter(|token| token.requirement != own);
        let mut serials: Vec<_> = others.map(|token| token.serial).collect();
        serials.sort_unstable();
        let too_many = serials.len().saturating_sub(MAX_OTHERS - 1);
        access.retain(|cached_token| {
            cached_token.requirement == own || !serials[..too_many].contains(&cached_token.serial)
        });
    }

    /// Returns the access token for this requirement, expired or not.
    pub fn cached_token(&self, requirement: &TokenRequirement) -> Option<&CachedToken> {
        self.tokens
            .access
            .iter()
            .find(|cached_token| cached_token.requirement == *requirement)
    }

    /// Returns the grant without its tokens, as a dead grant is stored.
    pub fn without_tokens(&self) -> Self {
        Self {
            tokens: Tokens::default(),
            ..self.clone()
        }
    }

    /// Marks every access token as expired.
    pub fn expire(&mut self) {
        for cached_token in &mut self.tokens.access {
            cached_token.expired = true;
        }
    }

    /// Returns what may be shown of the grant's own access token. `reuse` is the
    /// provider's rule for refresh tokens.
    pub fn view(&self, reuse: Reuse, now: UnixMillis) -> Option<TokenView> {
        let cached_token = self.cached_token(&TokenRequirement::default())?;
        Some(TokenView {
            access_token: fingerprint(TokenKind::Access, &cached_token.token.secret),
            refresh_token: self
                .tokens
                .refresh_token
                .as_deref()
                .map(|token| fingerprint(TokenKind::Refresh, token)),
            generation: self.generation,
            token_type: cached_token.token.token_type.clone(),
            scopes: cached_token.token.scopes.clone(),
            obtained_at: cached_token.token.obtained_at,
            expires_at: cached_token.token.expires_at,
            now,
            expired: cached_token.expired,
            may_be_spent: self.status.may_be_spent(reuse, now),
            extras: self.tokens.shown_extras(),
        })
    }

    /// Returns what the last refresh or silent re-authentication changed, if there
    /// was one. `reuse` is the provider's rule for refresh tokens.
    pub fn change(&self, reuse: Reuse, now: UnixMillis) -> Option<Change> {
        let LastChange { cause, before } = self.tokens.last_change.clone()?;
        let after = self.view(reuse, now)?;
        Some(Change {
            cause,
            before,
            after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(seconds: u64) -> TokenResponse {
        TokenResponse {
            access_token: "at".into(),
            token_type: "Bearer".into(),
            refresh_token: Some("rt".into()),
            id_token: None,
            expires_in: Some(seconds),
            scopes: None,
            extras: confidant_wire::Claims::default(),
        }
    }

    fn narrowed(number: usize) -> TokenRequirement {
        TokenRequirement {
            scope: Some(vec![number.to_string()]),
            resource: None,
        }
    }

    #[test]
    fn the_number_of_narrowed_tokens_is_bounded() {
        let mut grant = Grant::new(GrantId("g".into()), "demo".into(), response(60), 0);
        for number in 0..100 {
            grant.receive(&narrowed(number), response(60), number as u64);
        }
        assert_eq!(grant.tokens.access.len(), 1 + MAX_OTHERS);
        assert!(grant.cached_token(&TokenRequirement::default()).is_some());
        assert!(
            grant.cached_token(&narrowed(99)).is_some()
                && grant.cached_token(&narrowed(0)).is_none()
        );
        // Expired tokens are removed before the limit is reached.
        grant.receive(&narrowed(7), response(60), 1_000_000);
        assert_eq!(grant.tokens.access.len(), 2);
        assert!(grant.cached_token(&TokenRequirement::default()).is_some());
    }
}
