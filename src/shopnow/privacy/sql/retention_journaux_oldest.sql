-- Purpose: the oldest event of the journal.
-- Grain: one row.
SELECT min(e.ts) AS oldest_at
FROM journal.event AS e
