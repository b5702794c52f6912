-- Purpose: statements whose time has come are applied (scd.md R13).
-- Grain: one row a key.
-- Parameters: run_at; {log}, {key}, {key_of_l}, {key_of_s}, {same_affected_s}.
WITH due AS (
    UPDATE {log} AS l
    SET state = 'applied'
    WHERE l.state = 'pending'
        AND l.effective_at <= %(run_at)s
    RETURNING {key_of_l}
)

INSERT INTO affected_key ({key})
SELECT DISTINCT {key_of_s}
FROM due AS s
WHERE NOT EXISTS (
        SELECT 1
        FROM affected_key AS a
        WHERE {same_affected_s}
    )
