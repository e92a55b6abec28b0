//! The grant in its storage, and what a holder of the lock can rely on.

use crate::{
    Error, ErrorKind,
    platform::{Platform, StorageArea},
    settings::{KeyPrefix, Settings},
    storage::{
        open,
        token_storage::{Scope, TokenStorage},
    },
    token::{grant::Grant, record::StoredRecord},
    token_state::{
        TokenStates,
        entry::{RecordState, RefreshTokenState, SIGNED_OUT, compare},
    },
};
use std::rc::Rc;

/// How often to look whether a newer record has arrived, and how long to wait in
/// between, in milliseconds. A running browser delivers it after a few.
const POLLS: u32 = 250;
const POLL_INTERVAL: u32 = 20;
/// How long to wait for a newer record if nothing says whether there is one, in
/// milliseconds.
const BLIND_WAIT: u32 = 150;

/// Stores the grant and the state of its refresh token.
#[derive(Clone)]
pub(crate) struct GrantStore<P> {
    platform: P,
    storage: Rc<dyn TokenStorage>,
    states: TokenStates<P>,
    unsaved_key: Rc<str>,
}

impl<P: Platform> GrantStore<P> {
    pub(crate) fn new(platform: P, settings: &Settings, prefix: &KeyPrefix) -> Self {
        let storage = open(platform.clone(), &settings.storage, prefix);
        Self {
            states: TokenStates::new(platform.clone(), storage.scope(), prefix),
            storage,
            unsaved_key: prefix.key("unsaved"),
            platform,
        }
    }

    /// Returns which pages share the grant.
    pub(crate) fn scope(&self) -> Scope {
        self.storage.scope()
    }

    /// Returns the stored record. A newer token that could not be stored is in
    /// this page's memory and takes precedence.
    ///
    /// # Errors
    /// If the storage is blocked.
    pub(crate) async fn load(&self) -> Result<StoredRecord, Error> {
        let stored = StoredRecord::read(self.storage.read().await?.as_deref());
        let unsaved = self.platform.read(StorageArea::Page, &self.unsaved_key)?;
        let unsaved = StoredRecord::read(unsaved.as_deref());
        let is_newer = match (stored.as_grant(), unsaved.as_grant()) {
            (Some(stored), Some(unsaved)) => {
                stored.id == unsaved.id && stored.serial < unsaved.serial
            }
            _ => false,
        };
        Ok(if is_newer { unsaved } else { stored })
    }

    /// Returns the newest record, while the caller holds the lock. The grant's
    /// `may_be_spent` is what the state says, and no refresh is pending.
    ///
    /// # Errors
    /// If the storage is blocked.
    pub(crate) async fn load_newest(&self) -> Result<StoredRecord, Error> {
        let mut record = self.load().await?;
        let mut last = None;
        for poll in 0..POLLS {
            let entry = match self.states.entry(&record).await {
                Ok(entry) => entry,
                Err(_) if poll == 0 => {
                    self.platform.sleep(BLIND_WAIT).await;
                    record = self.load().await?;
                    None
                }
                Err(_) => None,
            };
            match compare(record.as_grant(), entry.as_deref()) {
                RecordState::Newest(state) => {
                    return Ok(settled(record, state == RefreshTokenState::MayBeSpent));
                }
                RecordState::Stale => self.platform.sleep(POLL_INTERVAL).await,
            }
            last = entry;
            record = self.load().await?;
        }
        if last.as_deref() == Some(SIGNED_OUT) {
            // The sign-out of another tab counts even if the removal of the
            // record has not arrived.
            return Ok(StoredRecord::Nothing);
        }
        // The tab with the newer record was closed before it was delivered.
        Ok(settled(record, true))
    }

    /// Stores the grant.
    ///
    /// # Errors
    /// If the storage is blocked or full.
    pub(crate) async fn save(&self, grant: &Grant) -> Result<(), Error> {
        self.storage.write(&StoredRecord::grant(grant)).await?;
        self.platform.remove(StorageArea::Page, &self.unsaved_key);
        Ok(())
    }

    /// Stores a token that has just come and cannot come again. If the storage
    /// has become full, the token goes into this page's memory. The stored
    /// record still announces the refresh, so no other tab presents the old
    /// refresh token.
    ///
    /// # Errors
    /// If even the page's memory fails.
    pub(crate) async fn save_received(&self, grant: &Grant) -> Result<(), Error> {
        match self.save(grant).await {
            Err(error)
                if matches!(
                    error.kind,
                    ErrorKind::StorageFull | ErrorKind::StorageBlocked
                ) =>
            {
                let record = StoredRecord::grant(grant);
                self.platform
                    .write(StorageArea::Page, &self.unsaved_key, &record)
            }
            result => result,
        }
    }

    /// Stores that the grant ended.
    ///
    /// # Errors
    /// If the storage is blocked or full.
    pub(crate) async fn save_ended(&self, grant: &Grant, reason: &Error) -> Result<(), Error> {
        self.storage.write(&StoredRecord::ended(reason)).await?;
        self.states.record_sign_out(Some(&grant.id)).await;
        Ok(())
    }

    /// Removes the record, and records the sign-out.
    ///
    /// # Errors
    /// If the storage is blocked.
    pub(crate) async fn clear(&self, record: &StoredRecord) -> Result<(), Error> {
        self.platform.remove(StorageArea::Page, &self.unsaved_key);
        self.storage.remove().await?;
        let id = record.as_grant().map(|grant| grant.id.as_str());
        self.states.record_sign_out(id).await;
        Ok(())
    }

    /// Records the state of the grant's refresh token, while the caller holds
    /// the lock. Returns whether all tabs can see it.
    pub(crate) async fn record_state(&self, grant: &Grant, state: RefreshTokenState) -> bool {
        self.states.record(grant, state).await
    }
}

/// Returns the record without a pending refresh.
fn settled(record: StoredRecord, may_be_spent: bool) -> StoredRecord {
    match record {
        StoredRecord::Grant(mut grant) => {
            grant.pending_refresh = None;
            grant.may_be_spent = may_be_spent;
            StoredRecord::Grant(grant)
        }
        other => other,
    }
}
