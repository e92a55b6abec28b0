//! A new session in the place of the one that a browser has.

use super::SessionRecord;
use crate::{bff::Bff, error, grant::Grant, request_cookies::RequestCookies};
use confidant_wire::{Code, Problem, UnixMillis};

impl Bff {
    /// Stores a session in the place of the one that it renews. Returns false
    /// if that one has ended.
    pub(crate) async fn renew(
        &self,
        old: &SessionRecord,
        new: &SessionRecord,
        grant: &Grant,
    ) -> Result<bool, Problem> {
        let renewed = self.0.store.renew_session(old, new, grant).await;
        renewed.map_err(error::store)
    }

    /// Stores a session that a user asked for at `asked_at`, in the place of
    /// the one that this browser has.
    ///
    /// # Errors
    /// `bad_state` where another user has signed in since then.
    pub(crate) async fn replace(
        &self,
        visit: &RequestCookies,
        asked_at: UnixMillis,
        new: &SessionRecord,
        grant: &Grant,
    ) -> Result<(), Problem> {
        let old = self.find(visit).await?;
        if old.as_ref().is_some_and(|old| {
            let is_another = (&old.provider, &old.subject) != (&new.provider, &new.subject);
            is_another && old.created_at > asked_at
        }) {
            return Err(Problem::new(
                Code::BadState,
                "This browser was signed in to another account after this sign-in had begun, so this sign-in was not finished. Sign in again to change accounts.",
            ));
        }
        let started = self.0.store.begin_session(new, grant).await;
        started.map_err(error::store)?;
        // The session that this one replaces ends here only: at some
        // providers a revocation would take the new grant along.
        if let Some(old) = old
            && let Err(error) = self.0.store.end_session(&old).await
        {
            tracing::warn!(%error, "a replaced session could not be deleted");
        }
        Ok(())
    }
}
