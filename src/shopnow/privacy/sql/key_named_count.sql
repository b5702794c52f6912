-- Purpose: how many keys of this purpose there are (SQLite).
-- Grain: one row.
SELECT count(*)
FROM named_key
