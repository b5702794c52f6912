-- Purpose: what became of each delivery's own header records about orders of the general path: new
-- to the log, repeated, or beaten.
-- Grain: one row a delivery.
-- Parameters: none.
WITH verdict AS (
    SELECT
        said.delivery_key,
        CASE
            WHEN change.order_id IS NULL THEN 'duplicate'
            WHEN EXISTS (
                    SELECT 1
                    FROM history.order_change AS other
                    WHERE other.order_id = said.order_id
                        AND other.effective_at = said.effective_at
                        AND other.content_hash <> said.content_hash
                        AND (
                            other.source_rank,
                            coalesce(other.source_sequence, -1),
                            other.content_hash
                        ) > (
                            said.source_rank,
                            coalesce(said.source_sequence, -1),
                            said.content_hash
                        )
                )
                THEN 'superseded'
            -- The same said again under a later sequence number.
            WHEN EXISTS (
                    SELECT 1
                    FROM history.order_change AS other
                    WHERE other.order_id = said.order_id
                        AND other.effective_at = said.effective_at
                        AND other.source_rank = said.source_rank
                        AND other.content_hash = said.content_hash
                        AND (other.delivery_key, other.record_no) < (said.delivery_key, said.record_no)
                )
                THEN 'duplicate'
            ELSE 'accepted'
        END AS outcome
    FROM header_said AS said
    INNER JOIN order_known AS known
        ON known.order_id = said.order_id
    LEFT JOIN history.order_change AS change
        ON change.order_id = said.order_id
            AND change.effective_at = said.effective_at
            AND change.content_hash = said.content_hash
            AND change.delivery_key = said.delivery_key
            AND change.record_no = said.record_no
    WHERE NOT said.is_implied
)

SELECT
    verdict.delivery_key,
    count(*) FILTER (WHERE verdict.outcome = 'accepted') AS accepted,
    count(*) FILTER (WHERE verdict.outcome = 'duplicate') AS duplicate,
    count(*) FILTER (WHERE verdict.outcome = 'superseded') AS superseded
FROM verdict
GROUP BY verdict.delivery_key
