//! A grant: what a person consented to, and the tokens obtained with it.
//!
//! - [`token`]: access tokens, keyed by what they are good for
//! - [`vault`]: sealing them for the database

pub mod token;
pub mod vault;

pub use token::{AccessToken, Held, TokenAnswer, Tokens, Want};
pub use vault::{KeyError, Vault};

use crate::digest::fingerprint;
use wire::{TokenKind, TokenView, UnixMillis};

/// Names a grant's row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    pub standing: Standing,
    /// Who may fly, and until when.
    pub lease: Option<Lease>,
    /// The flight that was announced and has not landed yet.
    pub intent: Option<Intent>,
    /// The secrets.
    pub tokens: Tokens,
}

/// Whether a grant can still be refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As far as we know it can.
    Living,
    /// An answer to its newest refresh token was lost at this time. Whether
    /// the token may be presented again is the profile's to say.
    Doubtful(UnixMillis),
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
pub struct Intent {
    /// The attempt's name.
    pub attempt: String,
    /// The generation of the refresh token that it presents.
    pub generation: u64,
    /// When it was announced.
    pub at: UnixMillis,
}

impl Grant {
    /// A grant that has just been obtained.
    pub fn new(id: GrantId, provider: String, answer: TokenAnswer, sent_at: UnixMillis) -> Self {
        let mut grant = Self {
            id,
            provider,
            version: 1,
            generation: 0,
            serial: 0,
            standing: Standing::Living,
            lease: None,
            intent: None,
            tokens: Tokens::default(),
        };
        grant.receive(&Want::default(), answer, sent_at);
        grant
    }

    /// Takes in a good answer to a token request that was sent at `sent_at`.
    /// A refresh token that the answer leaves out stays as it was
    /// (RFC 6749, section 6).
    pub fn receive(&mut self, want: &Want, answer: TokenAnswer, sent_at: UnixMillis) {
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
        self.tokens.access.retain(|held| held.want != *want);
        self.tokens.access.push(Held {
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

    /// The access token held for this use, fresh or not.
    pub fn held(&self, want: &Want) -> Option<&Held> {
        self.tokens.access.iter().find(|held| held.want == *want)
    }

    /// Forgets that any access token is fresh.
    pub fn expire(&mut self) {
        for held in &mut self.tokens.access {
            held.expired = true;
        }
    }

    /// What may be shown of the grant's own access token.
    pub fn view(&self, now: UnixMillis) -> Option<TokenView> {
        let held = self.held(&Want::default())?;
        Some(TokenView {
            access_token: fingerprint(TokenKind::Access, &held.token.secret),
            refresh_token: self
                .tokens
                .refresh_token
                .as_deref()
                .map(|token| fingerprint(TokenKind::Refresh, token)),
            generation: self.generation,
            token_type: held.token.token_type.clone(),
            scopes: held.token.scopes.clone(),
            obtained_at: held.token.obtained_at,
            expires_at: held.token.expires_at,
            now,
            expired: held.expired,
            may_be_spent: false,
            extras: self.tokens.shown_extras(),
        })
    }
}
