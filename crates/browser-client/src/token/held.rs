//! The tokens themselves, for whoever must have them: this crate can express
//! a token, what crosses to the server cannot.

use super::Grant;
use crate::digest::fingerprint;
use confidant_protocol::Reuse;
use confidant_wire::{Claims, TokenKind, TokenView, shown_extras};

/// The tokens that this browser holds. Times are Unix milliseconds by this
/// browser's clock; compare them with `now` only.
#[derive(Clone, PartialEq)]
pub struct Held {
    /// The access token itself.
    pub access_token: String,
    /// The refresh token itself, where there is one.
    pub refresh_token: Option<String>,
    /// `Bearer`, `DPoP`, or another.
    pub token_type: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// Counts the refresh tokens of the grant, from 1.
    pub generation: u64,
    /// Counts the access tokens of the grant, from 1.
    pub serial: u64,
    /// When the token was asked for.
    pub obtained_at: u64,
    /// When it runs out; none where the provider did not say.
    pub expires_at: Option<u64>,
    /// When this was looked up.
    pub now: u64,
    /// True after a forced expiry: the next call refreshes first.
    pub expired: bool,
    /// True where an answer was lost that may have spent the refresh token, so
    /// that it is not sent again.
    pub may_be_spent: bool,
    /// What the provider sent beside the standard fields.
    pub extras: Claims,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Held({})", self.view().access_token)
    }
}

impl Held {
    /// The tokens of a grant of this age in milliseconds, seen at `now`.
    pub(crate) fn of(grant: &Grant, reuse: Reuse, age: u64, now: u64) -> Self {
        // From the age, not from the time stored, which a clock that was set
        // since has made meaningless.
        let obtained_at = now.saturating_sub(age);
        Self {
            access_token: grant.access_token.clone(),
            refresh_token: grant.refresh_token.clone(),
            token_type: grant.token_type.clone(),
            scopes: grant.scopes.clone(),
            generation: grant.generation,
            serial: grant.serial,
            obtained_at,
            expires_at: grant.life().map(|life| obtained_at.saturating_add(life)),
            now,
            expired: grant.expired,
            may_be_spent: !grant.may_present(reuse),
            extras: grant.extras.clone(),
        }
    }

    /// What may be shown of them.
    pub fn view(&self) -> TokenView {
        let known = self.refresh_token.iter().chain([&self.access_token]);
        let known: Vec<_> = known.map(String::as_str).collect();
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
            extras: shown_extras(&self.extras, &known),
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
        let held = Held::of(&grant, Reuse::Strict, 500, 90_000);
        let shown = format!("{held:?} {:?}", held.view());
        for secret in ["at-1", "rt-1", "another"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("one.example"), "{shown}");
        assert_eq!(held.expires_at, Some(90_000 - 500 + 3_600_000));
    }

    #[test]
    fn a_lost_answer_is_told_where_the_token_is_not_sent_again() {
        let doubtful = grant().return_empty(true);
        let told = |reuse| Held::of(&doubtful, reuse, 0, 0).view().may_be_spent;
        assert!(told(Reuse::Strict));
        assert!(!told(Reuse::Reusable));
        assert!(!Held::of(&grant(), Reuse::Strict, 0, 0).view().may_be_spent);
    }
}
