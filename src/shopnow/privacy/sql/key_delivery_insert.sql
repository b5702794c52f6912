-- Purpose: keep the wrapped key of a new delivery (SQLite).
-- Parameters: ref, wrapped, created_at in seconds since 1970 UTC.
INSERT INTO delivery_key (ref, wrapped, created_at)
VALUES (:ref, :wrapped, :created_at)
