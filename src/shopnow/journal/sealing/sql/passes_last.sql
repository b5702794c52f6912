-- Purpose: where the last sealing ended: what the next one continues.
-- Grain: one row, none before the first sealing.
-- Parameters: none.
SELECT
    seal_no,
    digest,
    sealed_until,
    snapshot::text AS snapshot
FROM journal.seal
ORDER BY seal_no DESC
LIMIT 1
