-- Purpose: the wrapped key of a delivery (SQLite).
-- Grain: at most one row. Parameters: ref.
SELECT wrapped
FROM delivery_key
WHERE ref = :ref
