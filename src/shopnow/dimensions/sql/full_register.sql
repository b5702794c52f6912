-- Purpose: the full deliveries of the batch join the list from which the dimensions are computed.
-- Grain: one row a delivery.
-- Parameters: names (text[]), bits (integer[]); {staging}.
INSERT INTO history.full_delivery (
    delivery_key, sender_no, feed, source, effective_at, source_rank, attributes
)
SELECT
    f.delivery_key,
    f.sender_no,
    f.feed,
    f.source,
    f.effective_at,
    f.source_rank,
    ARRAY(
        SELECT known.name
        FROM unnest(%(names)s::text[], %(bits)s::integer[]) AS known (name, bit)
        WHERE NOT f.is_timed
            AND EXISTS (
                SELECT 1
                FROM {staging} AS s
                WHERE s.delivery_key = f.delivery_key
                    AND (s.present & known.bit) <> 0
            )
    )
FROM full_now AS f
ON CONFLICT (delivery_key) DO NOTHING
