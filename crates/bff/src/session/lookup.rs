//! Whose request it is.

use super::SessionRecord;
use crate::{bff::Bff, digest::Digest, error, grant::Grant, request_cookies::RequestCookies};
use confidant_wire::Problem;

impl Bff {
    /// The session that the visit's cookie names, if it is not over.
    pub(crate) async fn find(
        &self,
        visit: &RequestCookies,
    ) -> Result<Option<SessionRecord>, Problem> {
        let Some(cookie) = visit.session.value() else {
            return Ok(None);
        };
        let found = self.0.store.find_session(&Digest::of(cookie)).await;
        Ok(self.in_use(found.map_err(error::store)?).await)
    }

    /// The session, if it is not over, its use noted.
    pub(crate) async fn in_use(&self, found: Option<SessionRecord>) -> Option<SessionRecord> {
        let session = found?;
        let now = self.0.clock.now();
        if session.is_over(self.0.settings.session, now) {
            return None;
        }
        let Some(used) = session.used(self.0.settings.session, now) else {
            return Some(session);
        };
        // A use that cannot be noted is no reason to send anybody away.
        if let Err(error) = self.0.store.touch_session(&used).await {
            tracing::warn!(%error, "a session's use could not be noted");
        }
        Some(used)
    }

    /// The session, or that there is none.
    pub(crate) async fn signed_in(&self, visit: &RequestCookies) -> Result<SessionRecord, Problem> {
        self.find(visit).await?.ok_or_else(error::not_signed_in)
    }

    /// The grant of a session, as it is stored at this moment.
    pub(crate) async fn grant(&self, session: &SessionRecord) -> Result<Grant, Problem> {
        match self.0.store.load(&session.grant).await {
            Ok(Some(grant)) => Ok(grant),
            Ok(None) => Err(error::not_signed_in()),
            Err(failed) => Err(error::store(failed)),
        }
    }
}
