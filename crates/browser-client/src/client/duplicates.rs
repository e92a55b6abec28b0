//! Duplicated tabs. A browser copies sessionStorage when it duplicates a tab or
//! opens one from it, so both have the same grant, and whoever refreshes has to
//! hand the new tokens to the other.

use super::PublicClient;
use crate::{
    platform::{Area, Platform},
    settings::Storage,
    token::{Grant, stored::Stored},
};

impl<P: Platform> PublicClient<P> {
    /// Takes over what duplicates of this tab get.
    pub(super) fn hear_duplicates(&self) {
        if self.inner.settings.storage != Storage::Session {
            return;
        }
        let (platform, key) = (self.inner.platform.clone(), self.key("grant"));
        let hear = move |text: String| {
            let ours = platform.read(Area::Tab, &key).ok().flatten();
            let ours = Stored::read(ours.as_deref());
            if let (Stored::Grant(ours), Stored::Grant(theirs)) = (ours, Stored::read(Some(&text)))
                && is_newer(&theirs, &ours)
            {
                // If it cannot be stored, the ledger still tells that ours is
                // not the newest.
                let _ = platform.write(Area::Tab, &key, &text);
            }
        };
        let channel = self.key("duplicates");
        self.inner.platform.hear_tabs(&channel, hear);
    }

    /// Hands new tokens to duplicates of this tab.
    pub(super) fn tell_duplicates(&self, grant: &Grant) {
        if self.inner.settings.storage == Storage::Session {
            let text = Stored::grant(grant);
            self.inner
                .platform
                .tell_tabs(&self.key("duplicates"), &text);
        }
    }
}

/// Whether a record is of the same grant and newer. Another tab's own grant is
/// none of ours.
fn is_newer(theirs: &Grant, ours: &Grant) -> bool {
    theirs.id == ours.id && theirs.serial > ours.serial
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    #[test]
    fn only_newer_tokens_of_the_same_grant_are_taken_over() {
        let mut newer = grant();
        newer.serial += 1;
        assert!(is_newer(&newer, &grant()));
        assert!(!is_newer(&grant(), &grant()));
        newer.id = "another".into();
        assert!(!is_newer(&newer, &grant()));
    }
}
