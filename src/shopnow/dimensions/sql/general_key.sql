-- Purpose: the keys of a batch that go through the fold: known already, or stated more than once.
-- Grain: one row a key.
-- Parameters: deliveries (bigint[]), run_at, distinct (each key is stated once); {staging}, {dim}, {key}, {same_key}, {key_of_s}.
CREATE TEMPORARY TABLE general_key ON COMMIT DROP AS
SELECT DISTINCT {key_of_s}
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND (
        s.effective_at > %(run_at)s
        OR EXISTS (
            SELECT 1
            FROM {dim} AS d
            WHERE {same_key}
                AND d.valid_to = '9999-12-31 00:00+00'
        )
    )
UNION
SELECT {key_of_s}
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT %(distinct)s
GROUP BY {key_of_s}
HAVING count(*) > 1
