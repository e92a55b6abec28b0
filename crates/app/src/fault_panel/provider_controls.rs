//! The interface through which the fault panel controls the demo provider. The
//! server implements it: this crate knows no provider.

pub use super::data::Choice;

use confidant_bff::Reuse;
use confidant_wire::{ClientKind, Problem, TokenStatus};
use std::sync::Arc;

/// Sets faults, policies and clocks; provided by context where the demo
/// provider runs in this process, and nowhere else.
pub trait FaultControls: Send + Sync {
    /// Whether this configured provider is the demo provider.
    fn is_provider(&self, provider: &str) -> bool;

    /// Returns the provider's state for clients of this kind; none if it knows no
    /// such client.
    fn panel(&self, kind: ClientKind) -> Option<Panel>;

    /// Returns what the provider still accepts the token with this fingerprint for.
    ///
    /// # Errors
    /// `bad_request` if this is not the fingerprint of an access or refresh token.
    fn token_status(&self, fingerprint: &str) -> Result<TokenStatus, Problem>;

    /// Carries out a command.
    ///
    /// # Errors
    /// `bad_request` for an unknown name.
    fn execute(&self, command: Command) -> Result<(), Problem>;
}

/// The controls as they are provided by context.
pub type SharedFaultControls = Arc<dyn FaultControls>;

/// A command of the fault panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// This fault and no other from now on, by its id; `none` for none.
    Fault(String),
    /// A policy for clients of this kind, by its id.
    Policy(ClientKind, String),
    /// How our server is to treat used refresh tokens of the provider, by its id.
    ReuseRule(String),
    /// A clock, by its id, and by how many seconds it is fast.
    Clock(String, i64),
    /// Signs a user out at the provider.
    SignOut(String),
    /// Revokes a user's tokens.
    Revoke(String),
    /// Everything as it was configured.
    Reset,
}

/// The provider's state.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The provider's name.
    pub provider: String,
    /// The client that tokens are given to.
    pub client: String,
    /// The rules in force, in order.
    pub active_rules: Vec<ActiveRule>,
    /// The faults to choose from.
    pub faults: Vec<Choice>,
    /// The policies to choose from.
    pub policies: Vec<Policies>,
    /// What the client does after a lost answer.
    pub reuse_rule: ReuseRule,
    /// The clocks.
    pub clocks: Vec<Clock>,
    /// The users, by their names at the provider.
    pub users: Vec<String>,
}

/// A rule by which requests fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveRule {
    /// Its name.
    pub name: String,
    /// How often it was applied.
    pub hits: u64,
    /// How often it still will be; none if without limit.
    pub remaining: Option<u64>,
}

/// Policies of which one is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    /// What they are about.
    pub about: &'static str,
    /// The policies.
    pub choices: Vec<Choice>,
}

/// How a client expects the provider to treat a used refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReuseRule {
    /// What the client expects.
    pub assumed: Reuse,
    /// What the provider does.
    pub actual: Reuse,
    /// What else it could expect; empty if that is built in.
    pub choices: Vec<Choice>,
}

/// A clock that can be set wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Its id.
    pub id: &'static str,
    /// Whose clock it is.
    pub owner: &'static str,
    /// By how many seconds it is fast.
    pub fast_by: i64,
}
