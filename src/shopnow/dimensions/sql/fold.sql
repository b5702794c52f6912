-- Purpose: the versions of the affected keys, folded from their whole change log (scd.md R2 to R6,
-- R10, R16): the dimension is a pure function of the log.
-- Grain: one row a version.
-- Parameters: none; composed of the dimension's key and attributes by SCD type.
CREATE TEMPORARY TABLE folded ON COMMIT DROP AS
WITH heard AS (
    SELECT
        l.*,
        min(l.effective_at) FILTER (WHERE l.source_rank > 0) OVER (
            PARTITION BY {key_of_l}
        ) AS authority_at
    FROM {log} AS l
    INNER JOIN affected_key AS a
        ON {same_affected}
    WHERE l.state = 'applied'
        AND l.kind <> 'silent'
),

-- What orders say in passing counts until the first statement of an authoritative feed.
counted AS (
    SELECT
        l.*,
        lag(l.content_hash) OVER told AS hash_before,
        lag(l.kind) OVER told AS kind_before,
        lag(l.effective_at) OVER told AS said_before_at
    FROM heard AS l
    WHERE l.source_rank > 0
        OR l.authority_at IS NULL
        OR l.effective_at < l.authority_at
    WINDOW told AS (
        PARTITION BY {key_of_l}
        ORDER BY
            l.effective_at, l.source_rank, l.source_sequence NULLS FIRST, l.content_hash
    )
),

-- A statement that only repeats, later, the one before it leaves everything as it is: most of what
-- orders say of products and customers is left out here, before the values are looked at.
said AS (
    SELECT
        {key_of_l},
        l.effective_at,
        l.source_rank,
        l.source_sequence,
        l.content_hash,
        l.kind,
        CASE WHEN l.kind = 'confirm' THEN o.present ELSE l.present END AS present,
        {own_or_confirmed},
        l.known_from,
        l.delivery_key,
        l.record_no,
        l.source_line
    FROM counted AS l
    LEFT JOIN
        LATERAL (
            SELECT
                original.present,
                {attributes_of_original}
            FROM {log} AS original
            WHERE l.kind = 'confirm'
                AND {same_original}
                AND original.content_hash = l.content_hash
                AND original.kind = 'upsert'
            ORDER BY original.effective_at
            LIMIT 1
        ) AS o
        ON TRUE
    WHERE l.content_hash IS DISTINCT FROM l.hash_before
        OR l.kind = 'delete'
        OR l.kind_before = 'delete'
        OR l.effective_at = l.said_before_at
),

carried AS (
    SELECT
        {key},
        effective_at,
        kind = 'delete' AS is_deleted,
        known_from,
        delivery_key,
        record_no,
        source_line,
        row_number() OVER w AS place,
        lead(effective_at) OVER w AS next_at,
        {carried_columns}
    FROM said
    WINDOW
        w AS (
            PARTITION BY {key}
            ORDER BY effective_at, source_rank, source_sequence NULLS FIRST, content_hash
        ),
        running AS (
            PARTITION BY {key}
            ORDER BY effective_at, source_rank, source_sequence NULLS FIRST, content_hash
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
),

finals AS (
    SELECT
        carried.*,
        {final_columns}
    FROM carried
    WINDOW
        whole AS (
            PARTITION BY {key}
            ORDER BY place
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
),

others AS (
    SELECT
        finals.*,
        {other_columns}
    FROM finals
),

pairs AS (
    SELECT
        others.*,
        {pair_columns}
    FROM others
),

-- The last statement of each instant is what holds from then on.
marked AS (
    SELECT
        pairs.*,
        (
            (lag(place) OVER k) IS NULL
            OR is_deleted IS DISTINCT FROM (lag(is_deleted) OVER k)
            OR {differs_from_previous}
        ) AS opens
    FROM pairs
    WHERE next_at IS DISTINCT FROM effective_at
    WINDOW k AS (PARTITION BY {key} ORDER BY effective_at)
)

SELECT
    {key},
    effective_at AS valid_from,
    coalesce(lead(effective_at) OVER k, '9999-12-31 00:00+00') AS valid_to,
    is_deleted,
    FALSE AS is_inferred,
    row_number() OVER k + {versions_before} AS version,
    {result_columns},
    known_from,
    delivery_key,
    record_no,
    source_line
FROM marked
WHERE opens
WINDOW k AS (PARTITION BY {key} ORDER BY effective_at)
