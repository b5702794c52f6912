-- Purpose: the key of each person known to the vault (SQLite).
-- Grain: one row a subject; created_at in seconds since 1970 UTC.
CREATE TABLE subject_key (
    subject_no INTEGER NOT NULL PRIMARY KEY,
    wrapped BLOB NOT NULL,
    created_at REAL NOT NULL
)
