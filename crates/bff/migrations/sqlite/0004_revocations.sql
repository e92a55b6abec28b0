-- Tokens of ended sessions that are to be revoked at their provider. `due_at`
-- is the time of the next attempt: a process that makes one moves it ahead
-- first, so that no other process makes the same one.
CREATE TABLE revocations (
    id TEXT PRIMARY KEY NOT NULL,
    grant_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revocations_by_due_time ON revocations (due_at);
