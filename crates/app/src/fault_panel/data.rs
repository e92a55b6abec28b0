//! What the fault panel shows, in words.

use leptos::serde_json;
use serde::{Deserialize, Serialize};

/// The fault panel for one client kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultPanel {
    /// The provider's name.
    pub(crate) provider: String,
    /// The client that tokens of this kind are issued to.
    pub(crate) client: String,
    /// The active faults, a sentence each.
    pub(crate) active: Vec<String>,
    /// The faults to choose from.
    pub(crate) faults: Vec<Choice>,
    /// The provider's policies to choose from.
    pub(crate) policies: Vec<PolicyGroup>,
    /// The names of the policies in force.
    pub(crate) policy: String,
    /// How the client treats used refresh tokens.
    pub(crate) reuse: String,
    /// What is wrong about that with these policies.
    pub(crate) reuse_error: Option<String>,
    /// How else the client could treat them; empty if that is built in.
    pub(crate) reuse_choices: Vec<Choice>,
    /// The clocks.
    pub(crate) clocks: Vec<Clock>,
    /// The users, by their names at the provider.
    pub(crate) users: Vec<String>,
}

impl FaultPanel {
    /// Writes the panel as JSON.
    #[cfg(feature = "ssr")]
    pub(crate) fn to_json(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Reads the panel from JSON.
    pub(crate) fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Policies of which one is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PolicyGroup {
    /// What they are about.
    pub(crate) about: String,
    /// The policies.
    pub(crate) choices: Vec<Choice>,
}

/// A clock that can be set wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Clock {
    /// Its id.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) owner: String,
    /// What it shows, if it is wrong.
    pub(crate) error: Option<String>,
    /// What it can be set to.
    pub(crate) settings: Vec<ClockSetting>,
}

/// What a clock can be set to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClockSetting {
    /// By how many seconds it is fast.
    pub(crate) seconds: i64,
    /// The same in words.
    pub(crate) name: String,
    /// Whether it is set so.
    pub(crate) in_force: bool,
}
