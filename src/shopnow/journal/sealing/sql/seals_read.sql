-- Purpose: the seals that the warehouse keeps.
-- Grain: one row a seal, in their order.
-- Parameters: none.
SELECT
    seal_no,
    minute_at,
    events,
    covered::text AS covered,
    marks,
    digest,
    previous_digest,
    sealed_until,
    snapshot::text AS snapshot
FROM journal.seal
ORDER BY seal_no
