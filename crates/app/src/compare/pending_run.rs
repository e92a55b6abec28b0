//! What is remembered while the user is at the provider: how far the comparison
//! had come. It is kept in the tab's storage and holds no secret.

use super::result::Comparison;
use confidant_browser::{Browser, Platform, StorageArea};
use confidant_wire::{ClientKind, UnixMillis};
use leptos::serde_json;
use serde::{Deserialize, Serialize};

/// The name under which it is stored.
const KEY: &str = "confidant/comparison";

/// A comparison whose user is at the provider.
#[derive(Serialize, Deserialize)]
pub(super) struct PendingRun {
    /// What was measured so far.
    pub(super) comparison: Comparison,
    /// The kinds that are still to come; the first is being signed in to.
    pub(super) kinds: Vec<ClientKind>,
    /// How many kinds there are in all.
    pub(super) all: usize,
    /// Whether to wait before each step.
    pub(super) by_step: bool,
    /// When the user left.
    pub(super) left_at: UnixMillis,
}

impl PendingRun {
    /// Stores it; false if the browser stores nothing.
    pub(super) fn store(&self) -> bool {
        let text = serde_json::to_string(self).unwrap_or_default();
        Browser.write(StorageArea::Tab, KEY, &text).is_ok()
    }

    /// Returns the stored one, once.
    pub(super) fn resume() -> Option<Self> {
        let text = Browser.read(StorageArea::Tab, KEY).ok().flatten()?;
        Browser.remove(StorageArea::Tab, KEY);
        serde_json::from_str(&text).ok()
    }
}
