-- Purpose: statements about keys of the general path go to the change log, each once; one whose
-- content the log holds for its key already is a narrow `confirm`, a deletion carries nothing; what a
-- full delivery implies is left out (scd.md, the change log).
-- Grain: one row a new statement.
-- Parameters: deliveries (bigint[]), run_at; {staging}, {log}, {key}, {key_of_s}, {attributes}, {same_general}, {same_log}.
CREATE TEMPORARY TABLE logged ON COMMIT DROP AS
WITH arrived AS (
    SELECT DISTINCT ON ({key_of_s}, s.effective_at, s.source_rank, s.source_sequence, s.content_hash) s.*
    FROM {staging} AS s
    INNER JOIN general_key AS g
        ON {same_general}
    WHERE s.delivery_key = any(%(deliveries)s)
        AND NOT EXISTS (
            SELECT 1
            FROM implied AS i
            WHERE i.delivery_key = s.delivery_key
                AND i.record_no = s.record_no
        )
    ORDER BY
        {key_of_s},
        s.effective_at,
        s.source_rank,
        s.source_sequence,
        s.content_hash,
        s.is_embedded,
        s.delivery_key,
        s.record_no
)

SELECT
    s.*,
    CASE
        WHEN s.is_deletion THEN 'delete'
        WHEN EXISTS (
                SELECT 1
                FROM {log} AS l
                WHERE {same_log}
                    AND l.content_hash = s.content_hash
                    AND l.kind = 'upsert'
            ) THEN 'confirm'
        ELSE 'upsert'
    END AS kind
FROM arrived AS s
WHERE NOT EXISTS (
        SELECT 1
        FROM {log} AS l
        WHERE {same_log}
            AND l.effective_at = s.effective_at
            AND l.source_rank = s.source_rank
            AND l.source_sequence IS NOT DISTINCT FROM s.source_sequence
            AND l.content_hash = s.content_hash
    )
