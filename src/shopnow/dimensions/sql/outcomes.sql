-- Purpose: what became of each delivery's own records (embedded statements are none): new to the
-- log, or repeated (under a later sequence number too); of the new ones, those beaten by another
-- statement of the same instant.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]); {staging}, {log}, {key}, {same_general}, {same_log}.
SELECT
    s.delivery_key,
    count(*) FILTER (
        WHERE l.delivery_key IS NOT NULL AND NOT beaten.is_beaten AND NOT beaten.is_again
    ) AS accepted,
    count(*) FILTER (
        WHERE l.delivery_key IS NULL OR (beaten.is_again AND NOT beaten.is_beaten)
    ) AS duplicate,
    count(*) FILTER (WHERE l.delivery_key IS NOT NULL AND beaten.is_beaten) AS superseded
FROM {staging} AS s
INNER JOIN general_key AS g
    ON {same_general}
LEFT JOIN logged AS l
    ON l.delivery_key = s.delivery_key
        AND l.record_no = s.record_no
        AND NOT l.is_embedded
LEFT JOIN
    LATERAL (
        SELECT
            coalesce(bool_or(
                other.content_hash <> s.content_hash
                AND (other.source_rank, coalesce(other.source_sequence, -1), other.content_hash)
                > (s.source_rank, coalesce(s.source_sequence, -1), s.content_hash)
            ), FALSE) AS is_beaten,
            -- The same said again, nothing else having been said in between.
            coalesce(
                max(coalesce(other.source_sequence, -1)) FILTER (
                    WHERE other.content_hash = s.content_hash
                    AND other.source_rank = s.source_rank
                    AND (
                        other.delivery_key <> all(%(deliveries)s)
                        OR (other.delivery_key, other.record_no) < (s.delivery_key, s.record_no)
                    )
                )
                > coalesce(
                    max(coalesce(other.source_sequence, -1)) FILTER (
                        WHERE other.content_hash <> s.content_hash
                        AND other.source_rank = s.source_rank
                        AND coalesce(other.source_sequence, -1)
                        < coalesce(s.source_sequence, -1)
                    ),
                    -2
                ),
                FALSE
            ) AS is_again
        FROM {log} AS other
        WHERE {same_other}
            AND other.effective_at = s.effective_at
            AND l.delivery_key IS NOT NULL
            AND other.kind <> 'silent'
            AND other.state <> 'superseded'
    ) AS beaten
    ON TRUE
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT s.is_embedded
    AND NOT EXISTS (
        SELECT 1
        FROM implied AS i
        WHERE i.delivery_key = s.delivery_key
            AND i.record_no = s.record_no
    )
GROUP BY s.delivery_key
