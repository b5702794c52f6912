-- Purpose: how many keys a staged full delivery would withdraw, of how many that its sender, feed and
-- source state at its effective time.
-- Grain: one row.
-- Parameters: delivery_key; {staging}, {log}, {dimension_name}, {key_of_l}, {same_log}, {same_b_l}, {same_l_s}.
WITH full_one AS (
    SELECT
        delivery.delivery_key,
        delivery.sender_no,
        delivery.feed,
        delivery.source,
        delivery.effective_at
    FROM staging.delivery AS delivery
    WHERE delivery.delivery_key = %(delivery_key)s
),

stated AS (
    SELECT DISTINCT {key_of_l}
    FROM full_one AS f
    INNER JOIN staging.delivery AS said_by
        ON said_by.sender_no = f.sender_no
            AND said_by.feed = f.feed
            AND said_by.source = f.source
            AND said_by.delivery_key <> f.delivery_key
    INNER JOIN {log} AS l
        ON l.delivery_key = said_by.delivery_key
            AND l.effective_at <= f.effective_at
            AND l.source_rank > 0
            AND l.kind IN ('upsert', 'confirm')
    WHERE NOT EXISTS (
            SELECT 1
            FROM staging.delivery_difference AS difference
            WHERE difference.delivery_key = f.delivery_key
        )
        {absent_of_one}
),

weighed AS (
    SELECT
        EXISTS (
            SELECT 1
            FROM {staging} AS s
            WHERE s.delivery_key = f.delivery_key
                AND {same_log}
        )
        OR EXISTS (
            SELECT 1
            FROM staging.silent_row AS s
            WHERE s.delivery_key = f.delivery_key
                AND s.kind = {dimension_name}
                AND {same_log}
        ) AS is_held
    FROM stated AS l
    CROSS JOIN full_one AS f
    CROSS JOIN
        LATERAL (
            SELECT
                b.kind,
                b.delivery_key
            FROM {log} AS b
            WHERE {same_b_l}
                AND b.effective_at <= f.effective_at
                AND b.source_rank > 0
                AND b.kind <> 'silent'
                AND b.state IN ('applied', 'pending')
            ORDER BY
                b.effective_at DESC, b.source_rank DESC, b.source_sequence DESC NULLS LAST,
                b.content_hash DESC
            LIMIT 1
        ) AS before
    INNER JOIN staging.delivery AS said_by
        ON said_by.delivery_key = before.delivery_key
            AND said_by.sender_no = f.sender_no
            AND said_by.feed = f.feed
            AND said_by.source = f.source
    WHERE before.kind <> 'delete'
)

SELECT
    count(*) FILTER (WHERE NOT is_held) AS withdrawn,
    coalesce(
        (
            SELECT difference.alive
            FROM staging.delivery_difference AS difference
            WHERE difference.delivery_key = %(delivery_key)s
        ),
        count(*)
    ) AS alive
FROM weighed
