-- Purpose: rejects that match every filter given, and all others of their lines. Those that ended
-- since their sender spoke of the same thing again belong to them: what they said was true before.
-- Grain: one row a rejected record, by delivery, in the order of the file.
-- Parameters: delivery_key, seller_no, rule (each may be null), never (text[]: codes that no rule of
-- ours can take back).
WITH matching AS (
    SELECT DISTINCT
        r.delivery_key,
        r.file_no,
        r.line_no
    FROM quality.reject AS r
    WHERE r.state <> 'replayed'
        AND r.record_no > 0
        AND (%(delivery_key)s::bigint IS NULL OR r.delivery_key = %(delivery_key)s)
        AND (%(seller_no)s::integer IS NULL OR r.seller_no = %(seller_no)s)
        AND (%(rule)s::text IS NULL OR %(rule)s = any(r.rule_codes))
)

SELECT
    r.delivery_key,
    r.file_no,
    r.line_no,
    r.record_no,
    r.rule_codes
FROM quality.reject AS r
INNER JOIN matching
    ON matching.delivery_key = r.delivery_key
        AND matching.file_no = r.file_no
        AND matching.line_no = r.line_no
INNER JOIN staging.delivery AS d
    ON d.delivery_key = r.delivery_key
        AND d.state = 'published'
WHERE r.state <> 'replayed'
    AND r.record_no > 0
    AND NOT EXISTS (
        SELECT 1
        FROM quality.reject_end AS ended
        WHERE ended.delivery_key = r.delivery_key
            AND ended.file_no = r.file_no
            AND ended.line_no = r.line_no
            AND ended.record_no = r.record_no
            AND ended.ending = 'corrected'
    )
    AND NOT r.rule_codes && %(never)s::text[]
    AND NOT EXISTS (
        SELECT 1
        FROM staging.delivery_replay AS again
        INNER JOIN staging.delivery AS waiting
            ON waiting.delivery_key = again.delivery_key
        WHERE waiting.replay_of = r.delivery_key
            AND waiting.state NOT IN ('published', 'refused')
            AND again.record_no = r.record_no
    )
ORDER BY r.delivery_key, r.record_no
