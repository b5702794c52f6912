-- Purpose: keep the wrapped key of a new name, unless another process was first (SQLite).
-- Parameters: name, wrapped, created_at in seconds since 1970 UTC.
INSERT INTO named_key (name, wrapped, created_at)
VALUES (:name, :wrapped, :created_at)
ON CONFLICT (name) DO NOTHING
