//! The fault panel's controls of the demo provider in this process. They change
//! the provider and, where a policy concerns used refresh tokens, the reuse rule
//! of our own client.

mod panel;
mod reuse_rule;

use crate::config::Config;
use confidant_app::faults::{Command, FaultControls, Panel, SharedFaultControls};
use confidant_bff::Bff;
use confidant_provider::{
    ClockOffsets, ControlError, Provider, ProviderControls, fault_presets, policy_presets,
};
use confidant_wire::{ClientKind, Code, Problem, TokenStatus};
use std::sync::Arc;

/// The largest clock offset, in seconds: one day.
const MAX_CLOCK_OFFSET: i64 = 86_400;

/// Returns the controls of this provider. Returns `None` if no provider in the
/// configuration has its issuer.
pub fn fault_controls(
    config: &Config,
    bff: &Bff,
    provider: Provider,
) -> Option<SharedFaultControls> {
    let issuer = &config.demo_provider.as_ref()?.issuer;
    let mut entries = config.settings.providers.iter();
    let entry = entries.find(|entry| entry.endpoints.issuer() == Some(issuer))?;
    Some(Arc::new(Controls {
        provider: ProviderControls::new(provider),
        bff: bff.clone(),
        id: entry.id.clone(),
        name: entry.name.clone(),
        confidential_client: entry.client_id.clone(),
        public_client: entry.public_client_id.clone(),
    }))
}

/// The demo provider in this process, and our clients of it.
struct Controls {
    provider: ProviderControls,
    bff: Bff,
    /// The provider's id in the configuration.
    id: String,
    name: String,
    confidential_client: String,
    public_client: Option<String>,
}

impl Controls {
    /// Returns the id of the client that gets this kind's tokens.
    fn client(&self, kind: ClientKind) -> Option<&str> {
        if kind.is_confidential() {
            Some(&self.confidential_client)
        } else {
            self.public_client.as_deref()
        }
    }

    fn set_fault(&self, id: &str) -> Result<(), Problem> {
        if id == "none" {
            return self.provider.set_faults(Vec::new()).map_err(refused);
        }
        let preset = fault_presets().into_iter().find(|preset| preset.id == id);
        let rules = preset.ok_or_else(unknown_name)?.body.rules;
        self.provider.set_faults(rules.into()).map_err(refused)
    }

    /// Applies a preset. Settings that the preset does not name keep their
    /// values. A preset about used refresh tokens also overrides our reuse rule,
    /// as an operator would configure it for such a provider.
    fn set_policy(&self, kind: ClientKind, id: &str) -> Result<(), Problem> {
        let preset = policy_presets().into_iter().find(|preset| preset.id == id);
        let change = preset.ok_or_else(unknown_name)?.body.policy;
        let client = self.client(kind).ok_or_else(unknown_name)?;
        let current = self.provider.policy_of(client).map_err(refused)?;
        let policy = current.then(change);
        self.provider.set_policy(client, policy).map_err(refused)?;
        let concerns_reuse = change.answer.is_some() || change.old_refresh_token.is_some();
        if concerns_reuse && kind.is_confidential() {
            self.bff
                .override_reuse(&self.id, Some(reuse_rule::of_policy(&policy, false)));
        }
        Ok(())
    }

    fn set_clock(&self, id: &str, seconds: i64) -> Result<(), Problem> {
        if !(-MAX_CLOCK_OFFSET..=MAX_CLOCK_OFFSET).contains(&seconds) {
            return Err(bad_request("A clock can be wrong by one day at most."));
        }
        let ms = seconds * 1000;
        let current = self.provider.clock();
        let offsets = match id {
            "provider" => ClockOffsets {
                provider_ms: ms,
                ..current
            },
            "api" => ClockOffsets {
                api_ms: ms,
                ..current
            },
            _ => return Err(unknown_name()),
        };
        self.provider.set_clock(offsets);
        Ok(())
    }
}

impl FaultControls for Controls {
    fn is_provider(&self, provider: &str) -> bool {
        self.id == provider
    }

    fn panel(&self, kind: ClientKind) -> Option<Panel> {
        self.panel(kind)
    }

    fn token_status(&self, fingerprint: &str) -> Result<TokenStatus, Problem> {
        let invalid =
            || bad_request("Expected a fingerprint of an access or refresh token, like at·7f3a9c.");
        let (kind, hex) = fingerprint.split_once('·').ok_or_else(invalid)?;
        let status = self.provider.token_status(kind, hex);
        let status = status.map_err(|_| invalid())?;
        Ok(TokenStatus {
            known: status.known,
            active: status.active,
            reason: status.reason.to_owned(),
        })
    }

    fn execute(&self, command: Command) -> Result<(), Problem> {
        match command {
            Command::Fault(id) => self.set_fault(&id),
            Command::Policy(kind, id) => self.set_policy(kind, &id),
            Command::ReuseRule(id) => {
                let reuse = reuse_rule::by_id(&id).ok_or_else(unknown_name)?;
                self.bff.override_reuse(&self.id, Some(reuse));
                Ok(())
            }
            Command::Clock(id, seconds) => self.set_clock(&id, seconds),
            Command::SignOut(user) => self
                .provider
                .sign_out_user(&user)
                .map(drop)
                .map_err(refused),
            Command::Revoke(user) => self.provider.revoke_user(&user).map(drop).map_err(refused),
            Command::Reset => {
                self.provider.reset();
                self.bff.override_reuse(&self.id, None);
                Ok(())
            }
        }
    }
}

/// Replaces the provider's message, which repeats the caller's input.
fn refused(_: ControlError) -> Problem {
    unknown_name()
}

fn unknown_name() -> Problem {
    bad_request("The demo provider has nothing of this name.")
}

fn bad_request(message: &str) -> Problem {
    Problem::new(Code::BadRequest, message)
}
