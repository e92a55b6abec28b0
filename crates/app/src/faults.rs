//! What can be made to go wrong at the demo provider: what a panel shows of
//! it, and what can be pressed. Who carries it out is the server's business:
//! this crate knows no provider.

use confidant_bff::Reuse;
use confidant_wire::{ClientKind, Problem, Worth};
use std::sync::Arc;

/// Sets faults, policies and clocks; provided by context where the demo
/// provider runs in this process, and nowhere else.
pub trait FaultControls: Send + Sync {
    /// Whether this configured provider is the one.
    fn are_of(&self, provider: &str) -> bool;

    /// How things stand for clients of this kind; none where we are no such
    /// client of the provider's.
    fn look(&self, kind: ClientKind) -> Option<Panel>;

    /// What the provider still takes the token with this fingerprint for.
    ///
    /// # Errors
    /// `bad_request` for what is no access or refresh token's.
    fn worth(&self, fingerprint: &str) -> Result<Worth, Problem>;

    /// Carries out what was pressed.
    ///
    /// # Errors
    /// `bad_request` for what there is not.
    fn press(&self, press: Press) -> Result<(), Problem>;
}

/// As it stands in the context.
pub type SharedFaultControls = Arc<dyn FaultControls>;

/// What somebody pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// This fault and no other from now on, by its id; `none` for none.
    Fault(String),
    /// A policy for clients of this kind, by its id.
    Policy(ClientKind, String),
    /// What our server is to believe of the provider, by its id.
    Belief(String),
    /// A clock, by its id, and by how many seconds it is fast.
    Clock(String, i64),
    /// Signs a person out at the provider.
    SignOut(String),
    /// Ends a person's tokens.
    Revoke(String),
    /// Everything as it was configured.
    Reset,
}

/// How things stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The provider's name.
    pub provider: String,
    /// The client that tokens are given to.
    pub client: String,
    /// The rules in force, in order.
    pub armed: Vec<Armed>,
    /// The faults to choose from.
    pub faults: Vec<Choice>,
    /// The policies to choose from.
    pub policies: Vec<Policies>,
    /// What the client does after a lost answer.
    pub belief: Belief,
    /// The clocks.
    pub clocks: Vec<Clock>,
    /// The people, by the names that they sign in with.
    pub people: Vec<String>,
}

/// Something to press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub id: String,
    /// What the button says.
    pub name: String,
    /// What it is, in a sentence.
    pub words: String,
    /// Whether it is so already.
    pub in_force: bool,
}

/// A rule by which something goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Armed {
    /// What people call it.
    pub name: String,
    /// How often it has struck.
    pub struck: u64,
    /// How often it still will; none for until it is taken away.
    pub left: Option<u64>,
}

/// Policies of which one is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    /// What they are about.
    pub about: &'static str,
    /// The policies.
    pub choices: Vec<Choice>,
}

/// What a client takes the provider to do with a refresh token that it has
/// seen before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belief {
    /// It.
    pub reuse: Reuse,
    /// What the provider really does.
    pub truth: Reuse,
    /// What else it could believe; nothing where it is built in.
    pub choices: Vec<Choice>,
}

/// A clock that can be set wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Its id.
    pub id: &'static str,
    /// Whose it is.
    pub whose: &'static str,
    /// By how many seconds it is fast.
    pub fast_by: i64,
}
