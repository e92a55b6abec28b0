//! The state of each grant, in a database whose changes all tabs see at once.
//!
//! localStorage is no such database: Chromium keeps a copy of it in each tab's
//! process and delivers changes with a delay. A tab that has just acquired the
//! lock may still read the record from before the last refresh. It would
//! present a spent refresh token, or take a finished refresh for an abandoned
//! one. The tokens are therefore in the storage, and their state is here, in
//! IndexedDB, whose transactions are ordered. It contains no secret.

pub(crate) mod entry;

use crate::{
    Error,
    platform::Platform,
    settings::KeyPrefix,
    storage::token_storage::Scope,
    token::{grant::Grant, record::StoredRecord},
};
use entry::{Entry, RefreshTokenState, SIGNED_OUT};

/// Reads and writes the entries of one client.
#[derive(Clone)]
pub(crate) struct TokenStates<P> {
    platform: P,
    scope: Scope,
    prefix: KeyPrefix,
}

impl<P: Platform> TokenStates<P> {
    pub(crate) fn new(platform: P, scope: Scope, prefix: &KeyPrefix) -> Self {
        Self {
            platform,
            scope,
            prefix: prefix.clone(),
        }
    }

    /// Returns the entry that belongs to a record, if there is one.
    ///
    /// # Errors
    /// If the browser has no database.
    pub(crate) async fn entry(&self, record: &StoredRecord) -> Result<Option<String>, Error> {
        let id = record.as_grant().map(|grant| grant.id.as_str());
        match self.key(id) {
            Some(key) => self.platform.read_entry(&key).await,
            None => Ok(None),
        }
    }

    /// Records the state of a grant's refresh token, while the caller holds the
    /// lock. Returns whether it could: without a database, the record has to
    /// do.
    pub(crate) async fn record(&self, grant: &Grant, state: RefreshTokenState) -> bool {
        let entry = Entry::of(grant, state).write();
        self.write(Some(&grant.id), &entry).await
    }

    /// Records that the user signed out of the grant with this identifier.
    pub(crate) async fn record_sign_out(&self, id: Option<&str>) {
        self.write(id, SIGNED_OUT).await;
    }

    async fn write(&self, id: Option<&str>, entry: &str) -> bool {
        match self.key(id) {
            Some(key) => self.platform.write_entry(&key, entry).await.is_ok(),
            None => false,
        }
    }

    /// Returns the name of the entry. All tabs share one grant in localStorage.
    /// In sessionStorage each tab has its own, unless it is a duplicate, so each
    /// grant has its own entry. Other tabs cannot have a grant in this page's
    /// memory.
    fn key(&self, id: Option<&str>) -> Option<String> {
        match self.scope {
            Scope::Origin => Some(self.prefix.key("token-state").to_string()),
            Scope::Tab => Some(self.prefix.key(&format!("token-state/{}", id?)).to_string()),
            Scope::Page => None,
        }
    }
}
