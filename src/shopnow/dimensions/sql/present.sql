-- Purpose: keys that a full delivery holds under another time than its own are there at its time:
-- said where they were withdrawn or last stated by someone else; silent where all that is said of
-- them is still to come.
-- Grain: one row a key and delivery.
-- What is new of its key, and of a time until then, is the last word, and of this delivery.
-- Parameters: {staging}, {log}, {key}, {key_of_s}, {same_b_s}.
INSERT INTO by_scope (
    {key}, effective_at, source_rank, content_hash, kind, delivery_key
)
SELECT
    {key_of_s},
    f.effective_at,
    f.source_rank,
    CASE WHEN s.first_at <= f.effective_at THEN 0 ELSE -f.delivery_key END,
    CASE WHEN s.first_at <= f.effective_at THEN 'confirm' ELSE 'silent' END,
    f.delivery_key
FROM (
    SELECT
        {key_of_staged},
        staged.delivery_key,
        min(staged.effective_at) AS first_at
    FROM {staging} AS staged
    INNER JOIN full_now AS timed
        ON timed.delivery_key = staged.delivery_key
            AND timed.is_timed
    WHERE NOT staged.is_embedded
        AND (
            staged.effective_at > timed.effective_at
            OR {is_said_again}
            OR EXISTS (
                SELECT 1
                FROM general_key AS g
                WHERE {same_g_staged}
            )
        )
    GROUP BY {key_of_staged}, staged.delivery_key
    HAVING NOT bool_or(staged.is_deletion AND staged.effective_at <= timed.effective_at)
) AS s
INNER JOIN full_now AS f
    ON f.delivery_key = s.delivery_key
LEFT JOIN
    LATERAL (
        SELECT
            b.kind,
            b.delivery_key
        FROM {log} AS b
        WHERE {same_b_s}
            AND b.effective_at <= f.effective_at
            AND b.source_rank > 0
            AND b.kind <> 'silent'
            AND b.state IN ('applied', 'pending')
        ORDER BY
            b.effective_at DESC, b.source_rank DESC, b.source_sequence DESC NULLS LAST,
            b.content_hash DESC
        LIMIT 1
    ) AS before
    ON TRUE
LEFT JOIN staging.delivery AS said_by
    ON said_by.delivery_key = before.delivery_key
        AND said_by.sender_no = f.sender_no
        AND said_by.feed = f.feed
        AND said_by.source = f.source
        AND before.kind <> 'delete'
WHERE said_by.delivery_key IS NULL
    OR s.first_at > f.effective_at
