//! The exchanges of this tab with the provider and the APIs, for the user to
//! see: bounded, and without secrets.

pub(crate) mod exchange;
pub(crate) mod log;

use crate::{
    platform::{Platform, StorageArea},
    settings::KeyPrefix,
    token::stored_tokens::StoredTokens,
};
use confidant_wire::{Cause, Change, Report};
use log::Log;
use std::rc::Rc;

/// The log of one client in this tab. It survives the redirect to the provider
/// and a reload.
#[derive(Clone)]
pub(crate) struct ExchangeLog<P> {
    platform: P,
    key: Rc<str>,
}

impl<P: Platform> ExchangeLog<P> {
    pub(crate) fn new(platform: P, prefix: &KeyPrefix) -> Self {
        let key = prefix.key("exchange-log");
        Self { platform, key }
    }

    /// Returns what the log contains.
    pub(crate) fn report(&self) -> Report {
        self.read().into_report()
    }

    /// Changes the log.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Log)) {
        let mut log = self.read();
        change(&mut log);
        // A log that cannot be stored is no reason to fail.
        let _ = self
            .platform
            .write(StorageArea::Tab, &self.key, &log.write());
    }

    /// Records that the token changed.
    pub(crate) fn token_changed(&self, cause: Cause, before: &StoredTokens, after: &StoredTokens) {
        let change = Change {
            cause,
            before: before.view(),
            after: after.view(),
        };
        self.update(|log| log.set_change(Some(change)));
    }

    /// Forgets the last change of the token.
    pub(crate) fn session_changed(&self) {
        self.update(|log| log.set_change(None));
    }

    fn read(&self) -> Log {
        let stored = self.platform.read(StorageArea::Tab, &self.key);
        Log::read(stored.ok().flatten().as_deref())
    }
}
