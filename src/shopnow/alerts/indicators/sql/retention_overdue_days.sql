-- Purpose: by how much each class of data is past what was promised, at the last proof.
-- Grain: one class of the register, none before the first proof.
-- Parameters: now.
WITH proof AS (
    SELECT
        payload,
        ts
    FROM journal.event
    WHERE
        error_code = 'retention_proved'
        AND ts > %(now)s - make_interval(days => 8)
    ORDER BY ts DESC
    LIMIT 1
)

SELECT
    overdue.key AS label,
    overdue.value::double precision AS value,
    proof.ts AS observed_at
FROM proof
CROSS JOIN LATERAL jsonb_each_text(proof.payload -> 'overdue_days') AS overdue
