//! What the control API does, for callers in the same process.

use thiserror::Error;

use crate::settings::{ClockOffsets, Settings};
use crate::{
    config::{Client, Framing, User},
    decision_log::{DecisionEvent, EventKind},
    end_session::revoke_session_tokens,
    faults::{
        plan::{FaultPlan, FaultPlanError, RuleStatus},
        rule::FaultRule,
    },
    policy::{OldRefreshToken, PolicyChange},
    provider::Provider,
    records::family::{Family, RevocationCause},
};

/// Why a control was not carried out.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ControlError {
    /// No such client is registered.
    #[error("there is no client {0:?}")]
    UnknownClient(String),
    /// Nobody has this username.
    #[error("there is nobody called {0:?}")]
    UnknownUser(String),
    /// The rules make no plan.
    #[error(transparent)]
    FaultPlanError(#[from] FaultPlanError),
    /// A policy by which nobody could ever refresh.
    #[error("a refresh token has to be good for one use at least")]
    ZeroUses,
    /// No fingerprint of a token.
    #[error("a token is named by at or rt and six hexadecimal digits")]
    BadFingerprint,
}

impl ControlError {
    /// A fixed code for each failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownClient(_) => "unknown_client",
            Self::UnknownUser(_) => "unknown_person",
            Self::FaultPlanError(_) => "bad_rule",
            Self::ZeroUses => "no_use",
            Self::BadFingerprint => "bad_fingerprint",
        }
    }
}

impl Provider {
    /// Lets requests go wrong by these rules from now on, and no others. They
    /// are asked in order, and the first that strikes decides.
    ///
    /// # Errors
    /// When there are too many rules, or one makes no sense.
    pub fn set_faults(&self, rules: Vec<FaultRule>) -> Result<(), ControlError> {
        let plan = FaultPlan::new(rules)?;
        self.settings(|settings| settings.faults = plan);
        Ok(())
    }

    /// The rules in force, and what they have done so far.
    pub fn faults(&self) -> Vec<RuleStatus> {
        self.settings(|settings| settings.faults.rules())
    }

    /// Changes how `client` is treated from now on, those who are signed in
    /// included. Replaces an earlier change.
    ///
    /// # Errors
    /// When no such client is registered, or tokens would be good for nothing.
    pub fn set_policy(&self, client: &str, change: PolicyChange) -> Result<(), ControlError> {
        if change.old_refresh_token == Some(OldRefreshToken::Uses(0)) {
            return Err(ControlError::ZeroUses);
        }
        let id = self.registered(client)?.id.clone();
        self.settings(|settings| settings.policies.insert(id, change));
        Ok(())
    }

    /// How `client` is treated at present, nothing left out.
    ///
    /// # Errors
    /// When no such client is registered.
    pub fn policy_of(&self, client: &str) -> Result<PolicyChange, ControlError> {
        let policy = self.policy(self.registered(client)?);
        let lifetime = self.access_token_lifetime(&policy);
        Ok(PolicyChange::to(&policy, lifetime))
    }

    /// Sets the clocks of the provider and of the API wrong, or right again.
    pub fn set_clock(&self, offsets: ClockOffsets) {
        self.settings(|settings| settings.clock = offsets);
    }

    /// How far the clocks are off.
    pub fn clock(&self) -> ClockOffsets {
        self.settings(|settings| settings.clock)
    }

    /// Lets authorization work in a frame from now on, or not. The cookies of
    /// those who are signed in already stay as they are.
    pub fn set_framing(&self, framing: Framing) {
        self.settings(|settings| settings.framing = Some(framing));
    }

    /// Takes all faults away, and puts policies, clocks and framing back to
    /// what was configured.
    pub fn reset(&self) {
        self.settings(|settings| *settings = Settings::default());
    }

    /// Ends every token that `username` has let any client have, and says
    /// how many families that were.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn revoke_user(&self, username: &str) -> Result<usize, ControlError> {
        let subject = &self.user_by_name(username)?.subject;
        Ok(self.change(|state, now| {
            let cause = RevocationCause::ByProvider;
            let of_user = |family: &Family| family.subject == *subject;
            let revoked = state.records.revoke_where(of_user, cause, now);
            let count = revoked.len();
            for (family, client) in revoked {
                let decided = DecisionEvent {
                    about: EventKind::Revocation,
                    client,
                    endpoint: None,
                    family: Some(family),
                    generation: None,
                    outcome: "family_revoked",
                    reason: "by_provider",
                    description: "The provider ended what the person had allowed.",
                };
                state.decisions.record(now, decided);
            }
            count
        }))
    }

    /// Signs `username` out of the provider in every browser, and says in how
    /// many. `prompt=none` then gives `login_required`; tokens live on or end
    /// as the policy of each client has it.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn sign_out_user(&self, username: &str) -> Result<usize, ControlError> {
        let subject = &self.user_by_name(username)?.subject;
        Ok(self.change(|state, now| {
            let ended = state.records.end_sessions_of(subject);
            for session in &ended {
                revoke_session_tokens(self, state, session, now);
            }
            ended.len()
        }))
    }

    /// The people who can sign in, by the names that they do it with.
    pub fn usernames(&self) -> Vec<String> {
        let users = self.config().users.iter();
        users.map(|user| user.username.clone()).collect()
    }

    fn registered(&self, client: &str) -> Result<&Client, ControlError> {
        let unknown = || ControlError::UnknownClient(client.to_owned());
        self.config().client(client).ok_or_else(unknown)
    }

    fn user_by_name(&self, username: &str) -> Result<&User, ControlError> {
        let mut users = self.config().users.iter();
        users
            .find(|user| user.username.eq_ignore_ascii_case(username))
            .ok_or_else(|| ControlError::UnknownUser(username.to_owned()))
    }
}
