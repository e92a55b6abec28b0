-- Sign-ins that were begun and not finished yet.
CREATE TABLE logins (
    state_digest BLOB PRIMARY KEY NOT NULL,
    binding_digest BLOB NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_by_expiry ON logins (expires_at);

-- What people consented to. `version` is what compare-and-set compares.
CREATE TABLE grants (
    id TEXT PRIMARY KEY NOT NULL,
    provider TEXT NOT NULL,
    version INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    dead_because TEXT,
    doubtful_since INTEGER,
    lease_holder TEXT,
    lease_until INTEGER,
    intent_attempt TEXT,
    intent_generation INTEGER,
    intent_at INTEGER,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is signed in. The cookie's value is stored as its digest.
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY NOT NULL,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_grant ON sessions (grant_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
