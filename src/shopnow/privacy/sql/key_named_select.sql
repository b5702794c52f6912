-- Purpose: the wrapped key of a name (SQLite).
-- Grain: at most one row. Parameters: name.
SELECT wrapped
FROM named_key
WHERE name = :name
