//! The fault panel's controls over the demo provider in this process: what is
//! pressed there is set at the provider and, where that is the point of it,
//! told to our own client.

mod panel;
mod reuse_rule;

use crate::config::Config;
use confidant_app::faults::{FaultControls, Panel, Press};
use confidant_bff::Bff;
use confidant_provider::{
    ClockOffsets, ControlError, Provider, ProviderControls, fault_presets, policy_presets,
};
use confidant_wire::{ClientKind, Code, Problem, Worth};

/// The longest that a clock can be set off, in seconds.
const A_DAY: i64 = 86_400;

/// The demo provider in this process, and the client of ours that knows it.
pub(super) struct Controls {
    provider: ProviderControls,
    bff: Bff,
    /// The configured provider that means it.
    id: String,
    name: String,
    confidential: String,
    public: Option<String>,
}

impl Controls {
    /// The controls of a provider that runs beside this client; none where no
    /// configured provider means it.
    pub(super) fn new(config: &Config, bff: Bff, provider: Provider) -> Option<Self> {
        let issuer = &config.demo_provider.as_ref()?.issuer;
        let mut entries = config.settings.providers.iter();
        let entry = entries.find(|it| it.endpoints.issuer() == Some(issuer))?;
        Some(Self {
            provider: ProviderControls::new(provider),
            bff,
            id: entry.id.clone(),
            name: entry.name.clone(),
            confidential: entry.client_id.clone(),
            public: entry.public_client_id.clone(),
        })
    }

    /// The client that tokens of this kind are given to.
    fn client(&self, kind: ClientKind) -> Option<&str> {
        match kind.is_confidential() {
            true => Some(&self.confidential),
            false => self.public.as_deref(),
        }
    }

    fn set_fault(&self, id: &str) -> Result<(), Problem> {
        if id == "none" {
            return self.provider.set_faults(Vec::new()).map_err(refused);
        }
        let preset = fault_presets().into_iter().find(|it| it.id == id);
        let rules = preset.ok_or_else(unheard_of)?.body.rules;
        self.provider.set_faults(rules.into()).map_err(refused)
    }

    /// What a policy does not speak of stays as it is. Of what becomes of
    /// used refresh tokens our server is told, as its configuration would.
    fn set_policy(&self, kind: ClientKind, id: &str) -> Result<(), Problem> {
        let preset = policy_presets().into_iter().find(|it| it.id == id);
        let change = preset.ok_or_else(unheard_of)?.body.policy;
        let client = self.client(kind).ok_or_else(unheard_of)?;
        let now = self.provider.policy_of(client).map_err(refused)?;
        let next = now.then(change);
        self.provider.set_policy(client, next).map_err(refused)?;
        let about_reuse = change.answer.is_some() || change.old_refresh_token.is_some();
        if about_reuse && kind.is_confidential() {
            self.bff
                .override_reuse(&self.id, Some(reuse_rule::of(&next, false)));
        }
        Ok(())
    }

    fn set_clock(&self, id: &str, seconds: i64) -> Result<(), Problem> {
        if !(-A_DAY..=A_DAY).contains(&seconds) {
            return Err(bad("A clock can be a day off at the most."));
        }
        let ms = seconds * 1000;
        let now = self.provider.clock();
        let next = match id {
            "provider" => ClockOffsets {
                provider_ms: ms,
                ..now
            },
            "api" => ClockOffsets { api_ms: ms, ..now },
            _ => return Err(unheard_of()),
        };
        self.provider.set_clock(next);
        Ok(())
    }
}

impl FaultControls for Controls {
    fn are_of(&self, provider: &str) -> bool {
        self.id == provider
    }

    fn look(&self, kind: ClientKind) -> Option<Panel> {
        self.panel(kind)
    }

    fn worth(&self, fingerprint: &str) -> Result<Worth, Problem> {
        let none = || bad("Expected a fingerprint of an access or refresh token, like at·7f3a9c.");
        let (kind, hex) = fingerprint.split_once('·').ok_or_else(none)?;
        let status = self.provider.token_status(kind, hex).map_err(|_| none())?;
        Ok(Worth {
            known: status.known,
            active: status.active,
            reason: status.reason.to_owned(),
        })
    }

    fn press(&self, press: Press) -> Result<(), Problem> {
        match press {
            Press::Fault(id) => self.set_fault(&id),
            Press::Policy(kind, id) => self.set_policy(kind, &id),
            Press::Belief(id) => {
                let reuse = reuse_rule::named(&id).ok_or_else(unheard_of)?;
                self.bff.override_reuse(&self.id, Some(reuse));
                Ok(())
            }
            Press::Clock(id, seconds) => self.set_clock(&id, seconds),
            Press::SignOut(person) => {
                let done = self.provider.sign_out_user(&person);
                done.map(drop).map_err(refused)
            }
            Press::Revoke(person) => {
                let done = self.provider.revoke_user(&person);
                done.map(drop).map_err(refused)
            }
            Press::Reset => {
                self.provider.reset();
                self.bff.override_reuse(&self.id, None);
                Ok(())
            }
        }
    }
}

/// What the provider says repeats what was sent, so it is not handed on.
fn refused(_: ControlError) -> Problem {
    unheard_of()
}

fn unheard_of() -> Problem {
    bad("The demo provider has nothing of this name.")
}

fn bad(message: &str) -> Problem {
    Problem::new(Code::BadRequest, message)
}
