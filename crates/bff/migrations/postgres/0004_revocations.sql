-- Tokens of ended sessions that are to be revoked at their provider. `due_at`
-- is the time of the next attempt: a process that makes one moves it ahead
-- first, so that no other process makes the same one.
CREATE TABLE revocations (
    id TEXT PRIMARY KEY,
    grant_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    queued_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX revocations_by_due_time ON revocations (due_at);
