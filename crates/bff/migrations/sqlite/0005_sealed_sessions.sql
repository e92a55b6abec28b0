-- Who a session belongs to is encrypted together with its cookie's digest and its
-- grant, so that nobody who can write to the database can give a session to
-- another cookie. Sessions that began before cannot be told from forged ones: they
-- end, and their tokens are revoked.
INSERT INTO revocations (id, grant_id, provider, kind, reason, queued_at, due_at, attempts, sealed)
    SELECT grants.id || '.' || grants.version, grants.id, grants.provider, sessions.kind,
        'expired', sessions.last_seen, 0, 0, grants.sealed
    FROM grants JOIN sessions ON sessions.grant_id = grants.id;
DELETE FROM grants;
DROP TABLE sessions;
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY NOT NULL,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    last_seen INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_grant ON sessions (grant_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
