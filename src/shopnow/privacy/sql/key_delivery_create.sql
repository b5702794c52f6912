-- Purpose: the key of each delivery, which seals its landed files and rejected lines (SQLite).
-- Grain: one row a delivery; created_at in seconds since 1970 UTC.
CREATE TABLE delivery_key (
    ref TEXT NOT NULL PRIMARY KEY,
    wrapped BLOB NOT NULL,
    created_at REAL NOT NULL
)
