-- Purpose: the next keys to wrap by another master key (SQLite).
-- Grain: one row a key. Parameters: after (the last place before them), most.
SELECT
    rowid,
    subject_no,
    wrapped
FROM subject_key
WHERE rowid > :after
ORDER BY rowid
LIMIT :most
