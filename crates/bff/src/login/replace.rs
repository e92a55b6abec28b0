//! The new session takes the place of the one that the browser has.

use super::{Login, LoginError};
use crate::{
    BffError, grant::Grant, request_cookies::RequestCookies, revocation::RevocationReason,
    session::SessionRecord, store::Store as _,
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
            reason(old, new) == RevocationReason::OtherUser && old.created_at > asked_at
        }) {
            return Err(LoginError::OtherUser.into());
        }
        let store = &self.sessions.store;
        if let Some(old) = old {
            let reason = reason(&old, new);
            let now = self.clock.now();
            if store.replace_session(&old, reason, new, grant, now).await? {
                self.metrics.session_ended(reason.id());
                return Ok(());
            }
            // It ended in the meantime.
        }
        Ok(store.begin_session(new, grant).await?)
    }
}

/// Returns why the old session's tokens are revoked.
fn reason(old: &SessionRecord, new: &SessionRecord) -> RevocationReason {
    if (&old.provider, &old.subject) == (&new.provider, &new.subject) {
        RevocationReason::Replaced
    } else {
        RevocationReason::OtherUser
    }
}
