//! The operations of the control API, for callers in the same process.

use axum::extract::FromRef;

use super::{
    error::ControlError,
    token_status::{TokenStatus, token_status},
};
use crate::{
    config::{Client, Framing, User},
    decision_log::{DecisionEvent, EventKind},
    family::{Family, RevocationCause},
    faults::{
        plan::{FaultPlan, RuleStatus},
        rule::FaultRule,
    },
    policy::{OldRefreshToken, PolicyChange},
    provider::Provider,
    settings::{ClockOffsets, Settings},
    sign_out::revoke_session_tokens,
};

/// Changes the behavior of a running provider.
#[derive(Clone)]
pub struct ProviderControls(Provider);

impl FromRef<Provider> for ProviderControls {
    fn from_ref(provider: &Provider) -> Self {
        Self(provider.clone())
    }
}

impl ProviderControls {
    /// Returns the controls of `provider`.
    pub fn new(provider: Provider) -> Self {
        Self(provider)
    }

    /// Replaces the fault rules. The provider checks them in order, and the
    /// first rule that applies to a request decides.
    ///
    /// # Errors
    /// When there are too many rules, or a rule is invalid.
    pub fn set_faults(&self, rules: Vec<FaultRule>) -> Result<(), ControlError> {
        let plan = FaultPlan::new(rules)?;
        self.0.settings(|settings| settings.faults = plan);
        Ok(())
    }

    /// Returns the fault rules and their counts.
    pub fn faults(&self) -> Vec<RuleStatus> {
        self.0.settings(|settings| settings.faults.rules())
    }

    /// Changes the policy of `client`, also for tokens issued before. Replaces
    /// an earlier change.
    ///
    /// # Errors
    /// When the client is not registered, or refresh tokens would be useless.
    pub fn set_policy(&self, client: &str, change: PolicyChange) -> Result<(), ControlError> {
        if change.old_refresh_token == Some(OldRefreshToken::Uses(0)) {
            return Err(ControlError::ZeroUses);
        }
        let id = self.client(client)?.id.clone();
        self.0
            .settings(|settings| settings.policies.insert(id, change));
        Ok(())
    }

    /// Returns the present policy of `client` in full.
    ///
    /// # Errors
    /// When the client is not registered.
    pub fn policy_of(&self, client: &str) -> Result<PolicyChange, ControlError> {
        let policy = self.0.policy(self.client(client)?);
        let lifetime = self.0.config().access_token_lifetime_under(&policy);
        Ok(PolicyChange::from_policy(&policy).with_access_token_lifetime(lifetime))
    }

    /// Sets the offsets of the provider's and the API's clocks.
    pub fn set_clock(&self, offsets: ClockOffsets) {
        self.0.settings(|settings| settings.clock = offsets);
    }

    /// Returns the offsets of the clocks.
    pub fn clock(&self) -> ClockOffsets {
        self.0.settings(|settings| settings.clock)
    }

    /// Sets whether authorization requests work in an iframe. The cookies of
    /// existing sessions do not change.
    pub fn set_framing(&self, framing: Framing) {
        self.0.settings(|settings| settings.framing = Some(framing));
    }

    /// Returns whether authorization requests work in an iframe.
    pub fn framing(&self) -> Framing {
        self.0.framing()
    }

    /// Removes all faults, and restores the configured policies, clocks and
    /// framing.
    pub fn reset(&self) {
        self.0.settings(|settings| *settings = Settings::default());
    }

    /// Revokes all tokens of a user at all clients. Returns the number of
    /// revoked families.
    ///
    /// # Errors
    /// When the user does not exist.
    pub fn revoke_user(&self, username: &str) -> Result<usize, ControlError> {
        let subject = &self.user(username)?.subject;
        Ok(self.0.update(|state, now| {
            let cause = RevocationCause::ByProvider;
            let of_user = |family: &Family| family.subject == *subject;
            let revoked = state.records.families.revoke_where(of_user, cause, now);
            let count = revoked.len();
            for (family, client) in revoked {
                let event = DecisionEvent::new(
                    EventKind::Revocation,
                    &client,
                    "family_revoked",
                    cause.code(),
                    "The provider withdrew the user's grant.",
                );
                state
                    .decisions
                    .record(now, event.about_family(Some(family)));
            }
            count
        }))
    }

    /// Signs a user out of the provider in every browser. Returns the number of
    /// ended sessions. Afterwards `prompt=none` gives `login_required`; the
    /// policy of each client decides what happens to its tokens.
    ///
    /// # Errors
    /// When the user does not exist.
    pub fn sign_out_user(&self, username: &str) -> Result<usize, ControlError> {
        let subject = &self.user(username)?.subject;
        Ok(self.0.update(|state, now| {
            let ended = state.records.sessions.end_all(subject);
            for session in &ended {
                revoke_session_tokens(&self.0, state, session, now);
            }
            ended.len()
        }))
    }

    /// Returns the usernames of all users.
    pub fn usernames(&self) -> Vec<String> {
        let users = self.0.config().users.iter();
        users.map(|user| user.username.clone()).collect()
    }

    /// Returns the status of the token with this `fingerprint`, the first three
    /// bytes of its SHA-256 digest in hex. `kind` is `at` for access tokens or
    /// `rt` for refresh tokens. If several tokens match, the status is that of
    /// an active one, or else that of the newest.
    ///
    /// # Errors
    /// When the kind or the fingerprint is invalid.
    pub fn token_status(&self, kind: &str, fingerprint: &str) -> Result<TokenStatus, ControlError> {
        token_status(&self.0, kind, fingerprint)
    }

    fn client(&self, id: &str) -> Result<&Client, ControlError> {
        let client = self.0.config().client(id);
        client.ok_or_else(|| ControlError::UnknownClient(id.to_owned()))
    }

    fn user(&self, username: &str) -> Result<&User, ControlError> {
        let user = self.0.config().user_by_name(username);
        user.ok_or_else(|| ControlError::UnknownUser(username.to_owned()))
    }
}
