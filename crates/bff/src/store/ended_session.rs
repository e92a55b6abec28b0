//! The statements that end a session and queue its tokens for revocation.

use super::database::{Statement, Value};
use crate::{grant::GrantId, revocation::RevocationReason};
use confidant_wire::UnixMillis;

/// Copies the tokens of one grant to the queue, encrypted as they are.
pub(super) const QUEUE_ONE: &str = "INSERT INTO revocations (id, grant_id, provider, kind, reason,
        queued_at, due_at, attempts, sealed)
     SELECT grants.id || '.' || grants.version, grants.id, grants.provider, sessions.kind, $1,
        $2, $3, 0, grants.sealed
     FROM grants JOIN sessions ON sessions.grant_id = grants.id WHERE grants.id = $4";

/// Copies the tokens of every session that is marked as ended.
pub(super) const QUEUE_ENDED: &str = "INSERT INTO revocations (id, grant_id, provider, kind,
        reason, queued_at, due_at, attempts, sealed)
     SELECT grants.id || '.' || grants.version, grants.id, grants.provider, sessions.kind, $1,
        $2, $3, 0, grants.sealed
     FROM grants JOIN sessions ON sessions.grant_id = grants.id WHERE sessions.expires_at = 0";

/// The values of the statements that end one session: see [`EndedSession::statements`].
pub(super) struct EndedSession<'a> {
    grant: [Value<'a>; 1],
    queued: [Value<'a>; 4],
}

impl<'a> EndedSession<'a> {
    /// Ends the session of this grant; its tokens are to be revoked at `due`.
    pub(super) fn new(
        grant: &'a GrantId,
        reason: RevocationReason,
        now: UnixMillis,
        due: UnixMillis,
    ) -> Self {
        Self {
            grant: [grant.into()],
            queued: [reason.id().into(), now.into(), due.into(), grant.into()],
        }
    }

    /// Returns the statements. The first two lock the rows of the session and of
    /// its grant, in the order in which all transactions lock them: a concurrent
    /// refresh either stores its tokens before they are queued, or finds no row.
    pub(super) fn statements(&self) -> [Statement<'_>; 4] {
        [
            (
                "UPDATE sessions SET expires_at = 0 WHERE grant_id = $1",
                &self.grant,
            ),
            (
                "UPDATE grants SET version = version + 1 WHERE id = $1",
                &self.grant,
            ),
            (QUEUE_ONE, &self.queued),
            // Deletes the session, too: its row refers to that of the grant.
            ("DELETE FROM grants WHERE id = $1", &self.grant),
        ]
    }
}
