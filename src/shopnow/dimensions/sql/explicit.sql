-- Purpose: before statements about a key are added, what later full deliveries implied of it is
-- written down, else they would wrongly confirm the newcomer (scd.md, the change log; S81, S82).
-- After one of them the value is again what it was, so that the first after each newcomer is
-- enough; of a key that several scopes state, all are written.
-- Grain: one row a statement.
-- Parameters: deliveries (bigint[]: theirs are no earlier full deliveries), feeds (text[]), lowest
-- (the hash of withdrawals); {news}, {log}, {key}, {key_of_n}, {key_of_k}, {same_n_k}, {same_l_k}.
INSERT INTO by_full (
    {key}, effective_at, source_rank, content_hash, kind, delivery_key
)
WITH scoped AS (
    SELECT
        {key_of_n},
        n.effective_at,
        n.source_rank,
        n.source_sequence,
        n.content_hash,
        n.kind,
        n.delivery_key,
        (said_by.sender_no, said_by.feed, said_by.source)::text AS scope
    FROM {news} AS n
    LEFT JOIN staging.delivery AS said_by
        ON said_by.delivery_key = n.delivery_key
    WHERE n.source_rank > 0
        AND n.kind <> 'silent'
),

since AS (
    SELECT
        {key},
        min(effective_at) AS effective_at
    FROM scoped
    GROUP BY {key}
),

-- Who ever stated the key: the full deliveries of others say nothing of it.
scopes AS (
    SELECT DISTINCT
        {key_of_k},
        (said_by.sender_no, said_by.feed, said_by.source)::text AS scope
    FROM since AS k
    INNER JOIN {log} AS l
        ON {same_l_k}
            AND l.source_rank > 0
            AND l.kind IN ('upsert', 'confirm')
    LEFT JOIN staging.delivery AS said_by
        ON said_by.delivery_key = l.delivery_key
    UNION
    SELECT
        {key_of_n},
        n.scope
    FROM scoped AS n
),

counted AS (
    SELECT
        {key_of_k},
        k.scope,
        count(*) OVER (PARTITION BY {key_of_k}) > 1 AS is_shared
    FROM scopes AS k
),

-- Materialized, and joined by the scope as one text: the planner would take three columns for one row.
full_after AS MATERIALIZED (
    SELECT
        listed.delivery_key,
        listed.effective_at,
        listed.source_rank,
        cardinality(listed.attributes) = 0 AS is_timed,
        (listed.sender_no, listed.feed, listed.source)::text AS scope
    FROM history.full_delivery AS listed
    WHERE listed.effective_at >= (SELECT min(k.effective_at) FROM since AS k)
        AND listed.delivery_key <> all(%(deliveries)s)
        AND (listed.feed = any(%(feeds)s) OR cardinality(%(feeds)s::text[]) = 0)
),

later AS (
    SELECT
        {key_of_k},
        c.scope,
        c.is_shared,
        full_before.delivery_key,
        full_before.effective_at,
        full_before.source_rank,
        full_before.is_timed
    FROM since AS k
    INNER JOIN counted AS c
        ON {same_c_k}
    INNER JOIN full_after AS full_before
        ON full_before.scope = c.scope
            AND full_before.effective_at >= k.effective_at
    WHERE NOT EXISTS (
            SELECT 1
            FROM {log} AS l
            WHERE {same_l_k}
                AND l.effective_at = full_before.effective_at
                AND l.delivery_key = full_before.delivery_key
        )
        AND NOT EXISTS (
            SELECT 1
            FROM {news} AS n
            WHERE {same_n_k}
                AND n.effective_at = full_before.effective_at
                AND n.delivery_key = full_before.delivery_key
        )
),

meant AS (
    SELECT
        k.*,
        coalesce(before.kind <> 'delete' AND before.scope = k.scope, FALSE) AS was_there,
        now.kind <> 'delete' AND now.scope = k.scope AS is_there,
        before.content_hash AS hash_before,
        now.content_hash AS hash_now,
        (now.effective_at, now.source_rank, now.source_sequence, now.content_hash)::text AS newcomer,
        before.effective_at IS NULL
        OR (now.effective_at, now.source_rank, coalesce(now.source_sequence, -1), now.content_hash)
        > (
            before.effective_at, before.source_rank, coalesce(before.source_sequence, -1),
            before.content_hash
        ) AS is_moved,
        -- What it says at the very instant of the newcomer may come before it.
        (
            k.effective_at,
            k.source_rank,
            -1::bigint,
            CASE
                WHEN before.kind <> 'delete' AND before.scope = k.scope
                    THEN CASE WHEN k.is_timed THEN 0 ELSE before.content_hash END
                ELSE %(lowest)s::bigint
            END
        )
        > (now.effective_at, now.source_rank, coalesce(now.source_sequence, -1), now.content_hash)
            AS comes_after
    FROM later AS k
    CROSS JOIN
        LATERAL (
            SELECT n.*
            FROM scoped AS n
            WHERE {same_n_k}
                AND n.effective_at <= k.effective_at
            ORDER BY
                n.effective_at DESC, n.source_rank DESC, n.source_sequence DESC NULLS LAST,
                n.content_hash DESC
            LIMIT 1
        ) AS now
    LEFT JOIN
        LATERAL (
            SELECT
                l.effective_at,
                l.source_rank,
                l.source_sequence,
                l.content_hash,
                l.kind,
                (said_by.sender_no, said_by.feed, said_by.source)::text AS scope
            FROM {log} AS l
            LEFT JOIN staging.delivery AS said_by
                ON said_by.delivery_key = l.delivery_key
            WHERE {same_l_k}
                AND l.effective_at <= k.effective_at
                AND l.source_rank > 0
                AND l.kind <> 'silent'
                AND l.state IN ('applied', 'pending')
            ORDER BY
                l.effective_at DESC, l.source_rank DESC, l.source_sequence DESC NULLS LAST,
                l.content_hash DESC
            LIMIT 1
        ) AS before
        ON TRUE
),

needed AS (
    SELECT
        k.*,
        row_number() OVER (
            PARTITION BY {key_of_k}, k.newcomer, k.is_timed, k.is_shared
            ORDER BY k.effective_at, k.delivery_key
        ) AS nth
    FROM meant AS k
    WHERE k.is_shared
        OR (
            k.is_moved
            AND k.comes_after
            AND (
                k.was_there <> k.is_there
                OR (k.was_there AND NOT k.is_timed AND k.hash_before <> k.hash_now)
            )
        )
)

SELECT
    {key_of_k},
    k.effective_at,
    k.source_rank,
    CASE
        WHEN NOT k.was_there THEN %(lowest)s::bigint
        WHEN k.is_timed THEN 0
        ELSE k.hash_before
    END,
    CASE WHEN k.was_there THEN 'confirm' ELSE 'delete' END,
    k.delivery_key
FROM needed AS k
WHERE k.nth = 1
    OR k.is_shared
