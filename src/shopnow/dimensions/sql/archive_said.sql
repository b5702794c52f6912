-- Purpose: what the old statements of a member left, as one statement at the time of the first. What
-- orders say in passing counts until an authoritative feed speaks, here as in the fold.
-- Grain: one row a member.
-- Parameters: none; {log}, {key_of_l}, {same_affected}, {carried_of_l}.
CREATE TEMPORARY TABLE archive_said ON COMMIT DROP AS
WITH heard AS (
    SELECT
        l.*,
        min(l.effective_at) FILTER (WHERE l.source_rank > 0) OVER (
            PARTITION BY {key_of_l}
        ) AS authority_at,
        a.first_from
    FROM {log} AS l
    INNER JOIN archived AS a
        ON {same_affected}
            AND l.effective_at <= a.last_from
    WHERE l.state = 'applied'
)

SELECT
    {key_of_l},
    l.first_from AS effective_at,
    max(l.source_rank) AS source_rank,
    (array_agg(
        l.content_hash
        ORDER BY
            l.effective_at DESC, l.source_rank DESC, l.source_sequence DESC NULLS LAST,
            l.content_hash DESC
    ) FILTER (WHERE l.kind = 'upsert'))[1] AS content_hash,
    bit_or(l.present) AS present,
    {carried_of_l},
    max(l.known_from) AS known_from,
    max(l.delivery_key) AS delivery_key
FROM heard AS l
WHERE l.source_rank > 0
    OR l.authority_at IS NULL
    OR l.effective_at < l.authority_at
GROUP BY {key_of_l}, l.first_from
