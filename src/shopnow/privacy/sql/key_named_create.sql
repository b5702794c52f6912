-- Purpose: the keys that serve a purpose of the whole warehouse, such as pseudonyms (SQLite).
-- Grain: one row a name.
CREATE TABLE named_key (
    name TEXT NOT NULL PRIMARY KEY,
    wrapped BLOB NOT NULL,
    created_at REAL NOT NULL
)
