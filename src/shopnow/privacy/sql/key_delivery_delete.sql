-- Purpose: destroy the key of a delivery (SQLite).
-- Parameters: ref.
DELETE FROM delivery_key
WHERE ref = :ref
