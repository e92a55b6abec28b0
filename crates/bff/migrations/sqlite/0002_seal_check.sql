-- One sealed row that must open when the store does: the keys at hand are
-- those that sealed the rest.
CREATE TABLE seal_check (
    name TEXT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
