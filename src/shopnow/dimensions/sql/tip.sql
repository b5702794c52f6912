-- Purpose: statements that are the newest of a known key, stated once in the batch, with the values
-- that hold from then on: what was not said is as in the current version. What would need the fold
-- is left out: an older statement, one of the future or of a time before a full delivery, a deletion,
-- an inferred member, a change of type 3. Of a full delivery only what changes something.
-- Grain: one row a key.
-- Parameters: deliveries (bigint[]), run_at, distinct (each key is stated once), full_until, any_pending
-- (something waits for its time); composed of the dimension's key and attributes by SCD type;
-- {not_known}: what the log holds word for word is left out, where that was looked for before.
CREATE TEMPORARY TABLE tip ON COMMIT DROP AS
-- Keys that are stated more than once: grouped once, not looked for once a record.
WITH twice AS MATERIALIZED (
    SELECT {key_of_s}
    FROM {staging} AS s
    WHERE s.delivery_key = any(%(deliveries)s)
        AND NOT %(distinct)s
    GROUP BY {key_of_s}
    HAVING count(*) > 1
)

SELECT
    {key_of_s},
    s.delivery_key,
    s.record_no,
    s.line_no,
    s.effective_at,
    s.source_rank,
    s.source_sequence,
    s.content_hash,
    s.present,
    {now_columns},
    {kept_pairs}
    d.{surrogate},
    d.ctid AS row_at,
    d.version,
    {opens} AS opens,
    {overwrites} AS overwrites,
    CASE
        WHEN EXISTS (
                SELECT 1
                FROM {log} AS l
                WHERE {same_log}
                    AND l.content_hash = s.content_hash
                    AND l.kind = 'upsert'
            ) THEN 'confirm'
        ELSE 'upsert'
    END AS kind
FROM {staging} AS s
INNER JOIN {dim} AS d
    ON {same_key}
        AND d.valid_to = '9999-12-31 00:00+00'
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT s.is_embedded
    AND NOT s.is_deletion
    AND s.source_rank > 0
    AND s.effective_at <= %(run_at)s
    AND (%(full_until)s::timestamptz IS NULL OR s.effective_at > %(full_until)s)
    AND {not_known}
    AND s.effective_at > d.valid_from
    AND NOT d.is_inferred
    AND NOT {needs_the_fold}
    AND (
        {opens}
        OR {overwrites}
        OR {is_no_silence}
    )
    AND NOT EXISTS (
        SELECT 1
        FROM {log} AS l
        WHERE {same_log}
            AND l.effective_at >= s.effective_at
    )
    AND NOT (
        %(any_pending)s
        AND EXISTS (
            SELECT 1
            FROM {log} AS l
            WHERE {same_log}
                AND l.state = 'pending'
        )
    )
    AND (
        %(distinct)s
        OR NOT EXISTS (
            SELECT 1
            FROM twice AS other
            WHERE {same_other}
        )
    )
