//! The new session takes the place of the one that the browser has.

use super::{Login, LoginError};
use crate::{
    BffError, grant::Grant, request_cookies::RequestCookies, session::SessionRecord,
    store::Store as _,
};
use confidant_wire::UnixMillis;

impl Login<'_> {
    /// Stores a session that a user asked for at `asked_at`, in the place of
    /// the one that this browser has.
    ///
    /// # Errors
    /// [`LoginError::OtherUser`] when another user has signed in since then.
    pub(super) async fn replace(
        &self,
        cookies: &RequestCookies,
        asked_at: UnixMillis,
        new: &SessionRecord,
        grant: &Grant,
    ) -> Result<(), BffError> {
        let old = self.sessions.find(cookies).await?;
        if old.as_ref().is_some_and(|old| {
            let is_other = (&old.provider, &old.subject) != (&new.provider, &new.subject);
            is_other && old.created_at > asked_at
        }) {
            return Err(LoginError::OtherUser.into());
        }
        let store = &self.sessions.store;
        store.begin_session(new, grant).await?;
        // The old session is deleted but not revoked: at some providers a
        // revocation would end the new grant, too.
        if let Some(old) = old
            && let Err(error) = store.end_session(&old).await
        {
            tracing::warn!(%error, "a replaced session could not be deleted");
        }
        Ok(())
    }
}
