//! New tokens for duplicated tabs. A browser copies sessionStorage when it
//! duplicates a tab or opens a tab from it, so both have the same grant, and the
//! one that refreshes sends the new tokens to the other.

use crate::{
    platform::{Platform, StorageArea},
    settings::KeyPrefix,
    storage::token_storage::Scope,
    token::{grant::Grant, record::StoredRecord},
};
use std::rc::Rc;

/// Exchanges tokens with duplicates of this tab.
#[derive(Clone)]
pub(crate) struct TabSync<P> {
    platform: P,
    scope: Scope,
    channel: Rc<str>,
}

impl<P: Platform> TabSync<P> {
    /// Starts to receive tokens, for as long as the page lives.
    pub(crate) fn start(platform: P, scope: Scope, prefix: &KeyPrefix) -> Self {
        let sync = Self {
            platform,
            scope,
            channel: prefix.key("tab-sync"),
        };
        if scope == Scope::Tab {
            let (platform, key) = (sync.platform.clone(), prefix.key("grant"));
            let receive = move |record: String| store_if_newer(&platform, &key, &record);
            sync.platform.on_broadcast(&sync.channel, receive);
        }
        sync
    }

    /// Sends new tokens to duplicates of this tab.
    pub(crate) fn send(&self, grant: &Grant) {
        if self.scope == Scope::Tab {
            let record = StoredRecord::grant(grant);
            self.platform.broadcast(&self.channel, &record);
        }
    }
}

fn store_if_newer<P: Platform>(platform: &P, key: &str, received: &str) {
    let stored = platform.read(StorageArea::Tab, key).ok().flatten();
    let stored = StoredRecord::read(stored.as_deref());
    let record = StoredRecord::read(Some(received));
    if let (Some(stored), Some(new)) = (stored.as_grant(), record.as_grant())
        && is_newer(new, stored)
    {
        // If it cannot be stored, the token's state still shows that the stored
        // record is not the newest.
        let _ = platform.write(StorageArea::Tab, key, received);
    }
}

/// Whether a grant is a newer version of the stored one. The grant of another
/// sign-in is not.
fn is_newer(new: &Grant, stored: &Grant) -> bool {
    new.id == stored.id && new.serial > stored.serial
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    #[test]
    fn only_newer_tokens_of_the_same_grant_are_stored() {
        let mut newer = grant();
        newer.serial += 1;
        assert!(is_newer(&newer, &grant()));
        assert!(!is_newer(&grant(), &grant()));
        newer.id = "another".into();
        assert!(!is_newer(&newer, &grant()));
    }
}
