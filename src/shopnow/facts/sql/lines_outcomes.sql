-- Purpose: what became of each delivery's lines of the general path.
-- Grain: one row a delivery.
-- Parameters: none.
WITH verdict AS (
    SELECT
        ranked.delivery_key,
        CASE
            WHEN ranked.place > 1 AND ranked.content_hash = ranked.winning_hash THEN 'duplicate'
            WHEN ranked.place > 1 THEN 'superseded'
            WHEN ranked.stored_hash IS NULL THEN 'accepted'
            WHEN ranked.stored_hash = ranked.content_hash THEN 'duplicate'
            WHEN ranked.is_later THEN 'accepted'
            ELSE 'superseded'
        END AS outcome
    FROM line_ranked AS ranked
)

SELECT
    verdict.delivery_key,
    count(*) FILTER (WHERE verdict.outcome = 'accepted') AS accepted,
    count(*) FILTER (WHERE verdict.outcome = 'duplicate') AS duplicate,
    count(*) FILTER (WHERE verdict.outcome = 'superseded') AS superseded
FROM verdict
GROUP BY verdict.delivery_key
