-- Sign-ins that were begun and not finished yet.
CREATE TABLE logins (
    state_digest BYTEA PRIMARY KEY,
    binding_digest BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX logins_by_expiry ON logins (expires_at);

-- What people consented to. `version` is what compare-and-set compares.
-- Room is left in each page: a row that is replaced and keeps its keys then
-- stays where it is, and no index has to follow it.
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    version BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    serial BIGINT NOT NULL,
    dead_because TEXT,
    doubtful_since BIGINT,
    lease_holder TEXT,
    lease_until BIGINT,
    intent_attempt TEXT,
    intent_generation BIGINT,
    intent_at BIGINT,
    sealed BYTEA NOT NULL
) WITH (fillfactor = 70);

-- Who is signed in. The cookie's value is stored as its digest.
CREATE TABLE sessions (
    digest BYTEA PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_grant ON sessions (grant_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
