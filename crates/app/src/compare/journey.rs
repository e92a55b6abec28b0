//! What is remembered while the person is at the provider: how far the
//! comparison had come. It is kept in the tab's storage and holds no secret.

use super::result::Comparison;
use crate::json;
use confidant_browser::{Browser, Platform, StorageArea};
use confidant_wire::{ClientKind, UnixMillis};
use serde::{Deserialize, Serialize};

/// Under which name it is kept.
const KEY: &str = "confidant/comparison";

/// A comparison whose person is at the provider.
#[derive(Serialize, Deserialize)]
pub(super) struct Journey {
    /// What was measured so far.
    pub(super) comparison: Comparison,
    /// The kinds that are still to come; the first is being signed in to.
    pub(super) kinds: Vec<ClientKind>,
    /// How many kinds there are in all.
    pub(super) all: usize,
    /// Whether to wait before each step.
    pub(super) by_step: bool,
    /// When the person left.
    pub(super) left_at: UnixMillis,
}

impl Journey {
    /// Remembers it; false where the browser stores nothing.
    pub(super) fn keep(&self) -> bool {
        let text = json::write(self).unwrap_or_default();
        Browser.write(StorageArea::Tab, KEY, &text).is_ok()
    }

    /// Takes up one that was remembered, once.
    pub(super) fn resume() -> Option<Self> {
        let text = Browser.read(StorageArea::Tab, KEY).ok().flatten()?;
        Browser.remove(StorageArea::Tab, KEY);
        json::read(&text).ok()
    }
}
