-- Purpose: repaired values past their time; that they were repaired stays.
-- Grain: one row: the values removed.
-- Parameters: kept_from.
WITH past AS (
    SELECT d.delivery_key
    FROM staging.delivery AS d
    WHERE d.received_at < %(kept_from)s
),

now AS (
    UPDATE quality.cleaning AS c
    SET
        before = NULL,
        after = NULL
    FROM past AS p
    WHERE c.delivery_key = p.delivery_key
        AND (c.before IS NOT NULL OR c.after IS NOT NULL)
    RETURNING 1 AS one
),

earlier AS (
    UPDATE quality.cleaning_superseded AS c
    SET
        before = NULL,
        after = NULL
    FROM past AS p
    WHERE c.delivery_key = p.delivery_key
        AND (c.before IS NOT NULL OR c.after IS NOT NULL)
    RETURNING 1 AS one
)

SELECT (SELECT count(*) FROM now) + (SELECT count(*) FROM earlier) AS removed
