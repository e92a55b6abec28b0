//! The tokens themselves, for callers that need them. Unlike the types that
//! cross to the server, this one contains tokens.

use super::grant::Grant;
use crate::digest::fingerprint;
use confidant_protocol::Reuse;
use confidant_wire::{Claims, TokenKind, TokenView, shown_extras};

/// The tokens that this browser stores. Times are Unix milliseconds by this
/// browser's clock; compare them with `now` only. The `Debug` output contains a
/// fingerprint and no token.
#[derive(Clone, PartialEq)]
pub struct StoredTokens {
    /// The access token.
    pub access_token: String,
    /// The refresh token, if there is one.
    pub refresh_token: Option<String>,
    /// `Bearer`, `DPoP`, or another.
    pub token_type: String,
    /// The granted scopes.
    pub scopes: Vec<String>,
    /// Counts the refresh tokens of the grant, from 1.
    pub generation: u64,
    /// Counts the access tokens of the grant, from 1.
    pub serial: u64,
    /// When the access token was requested.
    pub obtained_at: u64,
    /// When it expires; `None` if the provider stated no lifetime.
    pub expires_at: Option<u64>,
    /// When this value was made.
    pub now: u64,
    /// Whether the token was forced to expire: the next call refreshes first.
    pub expired: bool,
    /// Whether a response was lost that may have spent the refresh token, so that
    /// the client does not present it again.
    pub may_be_spent: bool,
    /// What the provider sent besides the standard members.
    pub extras: Claims,
}

impl std::fmt::Debug for StoredTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredTokens({})", self.view().access_token)
    }
}

impl StoredTokens {
    /// Returns the tokens of a grant whose access token has this age in
    /// milliseconds at `now`.
    pub(crate) fn new(grant: &Grant, reuse: Reuse, age: u64, now: u64) -> Self {
        // Computed from the age: the stored time means nothing after the clock
        // was set.
        let obtained_at = now.saturating_sub(age);
        Self {
            access_token: grant.access_token.clone(),
            refresh_token: grant.refresh_token.clone(),
            token_type: grant.token_type.clone(),
            scopes: grant.scopes.clone(),
            generation: grant.generation,
            serial: grant.serial,
            obtained_at,
            expires_at: grant
                .lifetime()
                .map(|lifetime| obtained_at.saturating_add(lifetime)),
            now,
            expired: grant.expired,
            may_be_spent: !grant.may_present(reuse),
            extras: grant.extras.clone(),
        }
    }

    /// Returns what may be shown: everything but the tokens.
    pub fn view(&self) -> TokenView {
        let secrets = self.refresh_token.iter().chain([&self.access_token]);
        let secrets: Vec<_> = secrets.map(String::as_str).collect();
        TokenView {
            access_token: fingerprint(TokenKind::Access, &self.access_token),
            refresh_token: self
                .refresh_token
                .as_ref()
                .map(|token| fingerprint(TokenKind::Refresh, token)),
            generation: self.generation,
            token_type: self.token_type.clone(),
            scopes: self.scopes.clone(),
            obtained_at: self.obtained_at,
            expires_at: self.expires_at,
            now: self.now,
            expired: self.expired,
            may_be_spent: self.may_be_spent,
            extras: shown_extras(&self.extras, &secrets),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    #[test]
    fn a_view_and_a_debug_print_hold_no_token() {
        let mut grant = grant();
        for (name, value) in [
            ("instance_url", "https://one.example"),
            ("message", "you sent rt-1"),
            ("other_token", "another"),
        ] {
            grant.extras.insert(name.into(), value.into());
        }
        let tokens = StoredTokens::new(&grant, Reuse::Strict, 500, 90_000);
        let shown = format!("{tokens:?} {:?}", tokens.view());
        for secret in ["at-1", "rt-1", "another"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("one.example"), "{shown}");
        assert_eq!(tokens.expires_at, Some(90_000 - 500 + 3_600_000));
    }

    #[test]
    fn a_lost_response_shows_if_the_token_is_not_presented_again() {
        let lost = grant().without_response(true);
        let shown =
            |grant: &Grant, reuse| StoredTokens::new(grant, reuse, 0, 0).view().may_be_spent;
        assert!(shown(&lost, Reuse::Strict));
        assert!(!shown(&lost, Reuse::Reusable));
        assert!(!shown(&grant(), Reuse::Strict));
    }
}
