-- Purpose: what the rejected articles that a batch ended speak of, where none of them waits any more.
-- Grain: one row a key.
-- Parameters: deliveries (bigint[]).
SELECT DISTINCT r.record_key
FROM quality.reject_end AS ended
INNER JOIN quality.reject AS r
    ON r.delivery_key = ended.delivery_key
        AND r.file_no = ended.file_no
        AND r.line_no = ended.line_no
        AND r.record_no = ended.record_no
WHERE ended.by_delivery = any(%(deliveries)s)
    -- Only what we judged anew ourselves, or what was declared to be a correction: an order that is
    -- said again as it once was would otherwise be complete or not by the order of arrival.
    AND ended.ending IN ('replayed', 'corrected')
    AND r.kind = 'item'
    AND r.record_key IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM quality.reject AS other
        WHERE other.record_key = r.record_key
            AND other.seller_no = r.seller_no
            AND other.kind = 'item'
            AND other.state = 'open'
    )
