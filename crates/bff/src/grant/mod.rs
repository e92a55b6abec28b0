//! A grant: what a person consented to, and the tokens obtained with it.
//!
//! - [`token`]: access tokens, keyed by what they are good for
//! - [`vault`]: sealing them for the database

pub(crate) mod token;

pub use token::{AccessToken, CachedToken, TokenRequirement, TokenResponse, Tokens};

use crate::{
    digest::fingerprint,
    refresh::{Reuse, decide::may_present_again},
};
use confidant_wire::{TokenKind, TokenView, UnixMillis};
use serde::{Deserialize, Serialize};

/// How many access tokens are held beside the grant's own.
const MOST_OTHERS: usize = 8;

/// Names a grant's row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GrantId(pub String);

/// A grant, as it stands in one row of the database.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Its name.
    pub id: GrantId,
    /// The configured provider's id.
    pub provider: String,
    /// Counts writes to the row: what compare-and-set compares.
    pub version: u64,
    /// Counts refresh tokens, from 1.
    pub generation: u64,
    /// Counts token answers, from 1.
    pub serial: u64,
    /// Whether it can still be refreshed.
    pub status: GrantStatus,
    /// Who may fly, and until when.
    pub lease: Option<Lease>,
    /// The flight that was announced and has not landed yet.
    pub pending: Option<PendingRefresh>,
    /// The secrets.
    pub tokens: Tokens,
}

/// Whether a grant can still be refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantStatus {
    /// As far as we know it can.
    Active,
    /// An answer to its newest refresh token was lost at this time. Whether
    /// the token may be presented again is the profile's to say.
    Ambiguous(UnixMillis),
    /// The provider said no; its error code.
    Dead(String),
}

/// The right to fly, until it runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The attempt that holds it.
    pub holder: String,
    /// When it runs out.
    pub until: UnixMillis,
}

/// A flight that was announced before it left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRefresh {
    /// The attempt's name.
    pub attempt: String,
    /// The generation of the refresh token that it presents.
    pub generation: u64,
    /// When it was announced.
    pub at: UnixMillis,
}

impl Grant {
    /// A grant that has just been obtained.
    pub fn new(id: GrantId, provider: String, answer: TokenResponse, sent_at: UnixMillis) -> Self {
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
        grant.receive(&TokenRequirement::default(), answer, sent_at);
        grant
    }

    /// Takes in a good answer to a token request that was sent at `sent_at`.
    /// A refresh token that the answer leaves out stays as it was
    /// (RFC 6749, section 6).
    pub fn receive(&mut self, want: &TokenRequirement, answer: TokenResponse, sent_at: UnixMillis) {
        self.serial += 1;
        if let Some(new) = answer.refresh_token
            && self.tokens.refresh_token.as_ref() != Some(&new)
        {
            self.generation += 1;
            self.tokens.refresh_token = Some(new);
        }
        if answer.id_token.is_some() {
            self.tokens.id_token = answer.id_token;
        }
        self.tokens.extras = answer.extras;
        let scopes = answer
            .scopes
            .or_else(|| want.scope.clone())
            .unwrap_or_else(|| self.tokens.scopes.clone());
        if want.scope.is_none() {
            self.tokens.scopes.clone_from(&scopes);
        }
        self.make_room_for(want, sent_at);
        self.tokens.access.push(CachedToken {
            want: want.clone(),
            serial: self.serial,
            expired: false,
            token: AccessToken {
                secret: answer.access_token,
                token_type: answer.token_type,
                scopes,
                obtained_at: sent_at,
                expires_at: answer
                    .expires_in
                    .map(|seconds| sent_at.saturating_add(seconds.saturating_mul(1000))),
            },
        });
    }

    /// Lets go of the token that another comes for, and of those of fewer scopes
    /// or other resources that have run out or are too many: a page may ask for
    /// any set of scopes, and the row is read with every request.
    fn make_room_for(&mut self, want: &TokenRequirement, now: UnixMillis) {
        let own = TokenRequirement::default();
        let access = &mut self.tokens.access;
        access.retain(|cached_token| {
            let runs = cached_token.token.expires_at.is_none_or(|end| end > now);
            cached_token.want != *want && (runs || cached_token.want == own)
        });
        let others = access.iter().filter(|it| it.want != own);
        let mut serials: Vec<_> = others.map(|it| it.serial).collect();
        serials.sort_unstable();
        let too_many = serials.len().saturating_sub(MOST_OTHERS - 1);
        access.retain(|cached_token| {
            cached_token.want == own || !serials[..too_many].contains(&cached_token.serial)
        });
    }

    /// The access token held for this use, fresh or not.
    pub fn cached_token(&self, want: &TokenRequirement) -> Option<&CachedToken> {
        self.tokens
            .access
            .iter()
            .find(|cached_token| cached_token.want == *want)
    }

    /// Forgets that any access token is fresh.
    pub fn expire(&mut self) {
        for cached_token in &mut self.tokens.access {
            cached_token.expired = true;
        }
    }

    /// What may be shown of the grant's own access token, with a provider that
    /// treats refresh tokens so.
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
            may_be_spent: match self.status {
                GrantStatus::Ambiguous(since) => !may_present_again(reuse, since, now),
                GrantStatus::Active | GrantStatus::Dead(_) => false,
            },
            extras: self.tokens.shown_extras(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(seconds: u64) -> TokenResponse {
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

    fn fewer(number: usize) -> TokenRequirement {
        TokenRequirement {
            scope: Some(vec![number.to_string()]),
            resource: None,
        }
    }

    #[test]
    fn tokens_of_fewer_scopes_do_not_pile_up() {
        let mut grant = Grant::new(GrantId("g".into()), "demo".into(), answer(60), 0);
        for number in 0..100 {
            grant.receive(&fewer(number), answer(60), number as u64);
        }
        assert_eq!(grant.tokens.access.len(), 1 + MOST_OTHERS);
        assert!(grant.cached_token(&TokenRequirement::default()).is_some());
        assert!(
            grant.cached_token(&fewer(99)).is_some() && grant.cached_token(&fewer(0)).is_none()
        );
        // Those that have run out go before any limit is reached.
        grant.receive(&fewer(7), answer(60), 1_000_000);
        assert_eq!(grant.tokens.access.len(), 2);
        assert!(grant.cached_token(&TokenRequirement::default()).is_some());
    }
}
