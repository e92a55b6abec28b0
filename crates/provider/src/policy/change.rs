//! Changes to a client's policy while the provider runs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    client::{AtSignOut, DpopNonce, OfflineAccess, Policy},
    refresh::{OldAccessToken, OldRefreshToken, RefreshAnswer, RefreshLifetime, Reuse},
};
use crate::clock::millis;

/// A change to a client's configured policy. Omitted fields stay as configured,
/// whatever earlier changes said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    /// How the client obtains a refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline: Option<OfflineAccess>,
    /// The refresh token in the response to a refresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<RefreshAnswer>,
    /// The same for a refresh token bound to a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound_answer: Option<RefreshAnswer>,
    /// What happens to a refresh token that has a successor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_refresh_token: Option<OldRefreshToken>,
    /// What happens to earlier access tokens of the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_access_token: Option<OldAccessToken>,
    /// What happens when a client presents a spent refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reuse: Option<Reuse>,
    /// The lifetime of refresh tokens, also of those issued before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<RefreshLifetime>,
    /// Whether DPoP proofs need a nonce from the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop_nonce: Option<DpopNonce>,
    /// What happens to tokens when the user signs out at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_sign_out: Option<AtSignOut>,
    /// The lifetime of new access tokens.
    #[serde(
        default,
        rename = "access_token_lifetime_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub access_token_lifetime: Option<AccessTokenLifetime>,
}

/// A lifetime of access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccessTokenLifetime(#[serde(with = "millis")] pub Duration);

impl PolicyChange {
    /// Returns the change that gives any client this policy.
    pub(crate) fn from_policy(policy: &Policy) -> Self {
        let refresh = &policy.refresh;
        Self {
            offline: Some(policy.offline),
            answer: Some(refresh.answer),
            bound_answer: Some(refresh.bound_answer),
            old_refresh_token: Some(refresh.old_refresh_token),
            old_access_token: Some(refresh.old_access_token),
            reuse: Some(refresh.reuse),
            lifetime: Some(refresh.lifetime),
            dpop_nonce: Some(policy.dpop_nonce),
            at_sign_out: Some(policy.at_sign_out),
            access_token_lifetime: policy.access_token_lifetime.map(AccessTokenLifetime),
        }
    }

    /// Sets the lifetime of access tokens.
    #[must_use]
    pub(crate) fn with_access_token_lifetime(self, lifetime: Duration) -> Self {
        Self {
            access_token_lifetime: Some(AccessTokenLifetime(lifetime)),
            ..self
        }
    }

    /// Combines two changes. Where both set a field, `last` wins.
    #[must_use]
    pub fn then(self, last: Self) -> Self {
        Self {
            offline: last.offline.or(self.offline),
            answer: last.answer.or(self.answer),
            bound_answer: last.bound_answer.or(self.bound_answer),
            old_refresh_token: last.old_refresh_token.or(self.old_refresh_token),
            old_access_token: last.old_access_token.or(self.old_access_token),
            reuse: last.reuse.or(self.reuse),
            lifetime: last.lifetime.or(self.lifetime),
            dpop_nonce: last.dpop_nonce.or(self.dpop_nonce),
            at_sign_out: last.at_sign_out.or(self.at_sign_out),
            access_token_lifetime: last.access_token_lifetime.or(self.access_token_lifetime),
        }
    }

    /// Returns the policy `configured` with this change.
    pub(crate) fn apply_to(&self, configured: &Policy) -> Policy {
        let mut policy = configured.clone();
        policy.offline = self.offline.unwrap_or(policy.offline);
        policy.dpop_nonce = self.dpop_nonce.unwrap_or(policy.dpop_nonce);
        policy.at_sign_out = self.at_sign_out.unwrap_or(policy.at_sign_out);
        let refresh = &mut policy.refresh;
        refresh.answer = self.answer.unwrap_or(refresh.answer);
        refresh.bound_answer = self.bound_answer.unwrap_or(refresh.bound_answer);
        refresh.old_refresh_token = self.old_refresh_token.unwrap_or(refresh.old_refresh_token);
        refresh.old_access_token = self.old_access_token.unwrap_or(refresh.old_access_token);
        refresh.reuse = self.reuse.unwrap_or(refresh.reuse);
        refresh.lifetime = self.lifetime.unwrap_or(refresh.lifetime);
        if let Some(AccessTokenLifetime(time)) = self.access_token_lifetime {
            policy.access_token_lifetime = Some(time);
        }
        policy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn full(policy: &Policy) -> PolicyChange {
        PolicyChange::from_policy(policy).with_access_token_lifetime(HOUR)
    }

    #[test]
    fn omitted_fields_stay_as_configured() {
        let configured = Policy::rotate_strict(RefreshLifetime::Sliding(HOUR));
        assert_eq!(PolicyChange::default().apply_to(&configured), configured);
        let change: PolicyChange =
            serde_json::from_str(r#"{"old_refresh_token":{"grace_same_successor_ms":1500}}"#)
                .unwrap();
        let changed = change.apply_to(&configured);
        let grace = OldRefreshToken::GraceSameSuccessor(Duration::from_millis(1500));
        assert_eq!(changed.refresh.old_refresh_token, grace);
        assert_eq!(changed.refresh.reuse, Reuse::FamilyRevoked);
    }

    #[test]
    fn the_last_of_two_changes_wins_in_the_fields_that_it_sets() {
        let change = |text: &str| serde_json::from_str::<PolicyChange>(text).unwrap();
        let first = change(r#"{"answer":"same","reuse":"refused"}"#);
        let last = change(r#"{"answer":"new","access_token_lifetime_ms":15000}"#);
        let both = change(r#"{"answer":"new","reuse":"refused","access_token_lifetime_ms":15000}"#);
        assert_eq!(first.then(last), both);
        let whole = full(&Policy::google());
        assert_eq!(PolicyChange::default().then(whole), whole);
        assert_eq!(whole.then(PolicyChange::default()), whole);
    }

    #[test]
    fn a_policy_survives_serialization() {
        let mut policy = Policy::rotate_strict(RefreshLifetime::FixedFromFirst(HOUR));
        policy.access_token_lifetime = Some(HOUR);
        for old in [
            OldRefreshToken::Valid,
            OldRefreshToken::Uses(3),
            OldRefreshToken::UntilSuccessorUsed,
            OldRefreshToken::GraceNewPair(HOUR),
        ] {
            policy.refresh.old_refresh_token = old;
            let text = serde_json::to_string(&full(&policy)).unwrap();
            let change: PolicyChange = serde_json::from_str(&text).unwrap();
            assert_eq!(change.apply_to(&Policy::google()).refresh, policy.refresh);
        }
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        for text in [r#"{"old":"valid"}"#, r#"{"reuse":"forgiven"}"#] {
            assert!(serde_json::from_str::<PolicyChange>(text).is_err());
        }
    }
}
