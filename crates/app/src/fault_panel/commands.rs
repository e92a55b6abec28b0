//! The server functions under `/app/demo`, which control the demo provider. They
//! exist where it runs in this process; elsewhere they answer 404.

#[cfg(feature = "ssr")]
use super::{
    provider_controls::{Command, SharedFaultControls},
    provider_state,
};
use crate::api::{Failure, default_kind, json::Answer, same_origin::SameOrigin};
#[cfg(feature = "ssr")]
use crate::routes::{KINDS, Page};
#[cfg(feature = "ssr")]
use confidant_wire::{ClientKind, Code, Problem};
use leptos::{prelude::*, server_fn::codec::PostUrl};
use serde::{Deserialize, Serialize};

/// The answer to a command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommandDone {
    /// The page of the panel, for a plain form.
    pub(crate) go_to: String,
    /// The panel as it is now, as JSON.
    pub(crate) panel: Option<String>,
}

/// Returns the active faults in words.
#[server(prefix = "/app", endpoint = "demo/active", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn active_faults(kind: String) -> Result<Option<String>, Failure> {
    Ok(provider_state::active_faults(known(&kind)?))
}

/// Returns what the provider still accepts the token with this fingerprint for.
/// A fingerprint gives no access, and neither does the answer.
#[server(prefix = "/app", endpoint = "demo/token", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn token_status(
    fingerprint: String,
) -> Result<confidant_wire::TokenStatus, Failure> {
    Ok(controls()?.token_status(&fingerprint)?)
}

/// Activates the faults of this preset, and no others; `none` for none.
#[server(prefix = "/app", endpoint = "demo/fault", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_fault(
    preset: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<CommandDone, Failure> {
    execute(&kind, |_| Command::Fault(preset))
}

/// Applies this policy to the kind's client.
#[server(prefix = "/app", endpoint = "demo/policy", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_policy(
    preset: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<CommandDone, Failure> {
    execute(&kind, |kind| Command::Policy(kind, preset))
}

/// Sets how our server treats used refresh tokens.
#[server(prefix = "/app", endpoint = "demo/reuse_rule", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_reuse_rule(
    reuse: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<CommandDone, Failure> {
    execute(&kind, |_| Command::ReuseRule(reuse))
}

/// Sets a clock fast by this many seconds.
#[server(prefix = "/app", endpoint = "demo/clock", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_clock(
    clock: String,
    seconds: i64,
    #[server(default = "default_kind")] kind: String,
) -> Result<CommandDone, Failure> {
    execute(&kind, |_| Command::Clock(clock, seconds))
}

/// Signs a user out at the provider.
#[server(prefix = "/app", endpoint = "demo/sign_out", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn sign_out_at_provider(
    user: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<CommandDone, Failure> {
    execute(&kind, |_| Command::SignOut(user))
}

/// Revokes a user's tokens at the provider.
#[server(prefix = "/app", endpoint = "demo/revoke", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn revoke_at_provider(
    user: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<CommandDone, Failure> {
    execute(&kind, |_| Command::Revoke(user))
}

/// Resets everything to the configuration.
#[server(prefix = "/app", endpoint = "demo/reset", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn reset_faults(
    #[server(default = "default_kind")] kind: String,
) -> Result<CommandDone, Failure> {
    execute(&kind, |_| Command::Reset)
}

/// Returns the controls. Without them these endpoints do not exist.
#[cfg(feature = "ssr")]
fn controls() -> Result<SharedFaultControls, Failure> {
    let none = || Failure(Problem::new(Code::NotFound, "There is no such endpoint."));
    use_context().ok_or_else(none)
}

#[cfg(feature = "ssr")]
fn execute(
    kind: &str,
    command: impl FnOnce(ClientKind) -> Command,
) -> Result<CommandDone, Failure> {
    let (controls, kind) = (controls()?, known(kind)?);
    controls.execute(command(kind))?;
    Ok(CommandDone {
        go_to: Page::Faults.path(kind),
        panel: provider_state::fault_panel(kind).and_then(|panel| panel.to_json()),
    })
}

#[cfg(feature = "ssr")]
fn known(kind: &str) -> Result<ClientKind, Failure> {
    let known = KINDS.into_iter().find(|known| known.id() == kind);
    Ok(known.ok_or_else(no_kind)?)
}

#[cfg(feature = "ssr")]
fn no_kind() -> Problem {
    Problem::new(
        Code::UnknownKind,
        "There is no client of this kind with the demo provider.",
    )
}
