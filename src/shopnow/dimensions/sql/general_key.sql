-- Purpose: the keys of a batch that go through the fold: known already, stated more than once, said
-- to be no more, or stated of a time before a full delivery that is known already.
-- Grain: one row a key.
-- Parameters: deliveries (bigint[]), run_at, distinct (each key is stated once), full_until, always
-- (no key takes the short way); {staging}, {dim}, {log}, {key}, {same_key}, {same_log}, {key_of_s}.
CREATE TEMPORARY TABLE general_key ON COMMIT DROP AS
SELECT DISTINCT {key_of_s}
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND (
        %(always)s
        OR s.effective_at > %(run_at)s
        OR s.effective_at <= %(full_until)s
        OR s.is_deletion
        OR EXISTS (
            SELECT 1
            FROM {dim} AS d
            WHERE {same_key}
                AND d.valid_to = '9999-12-31 00:00+00'
        )
        -- Said of the future, or taken back: in the log, not in the dimension.
        OR (
            (
                SELECT
                    EXISTS(
                        SELECT 1
                        FROM {log} AS waiting
                        WHERE waiting.state IN ('pending', 'cancelled')
                    )
            )
            AND EXISTS (
                SELECT 1
                FROM {log} AS l
                WHERE {same_log}
            )
        )
    )
UNION
SELECT {key_of_s}
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT %(distinct)s
GROUP BY {key_of_s}
HAVING count(*) > 1
