-- Purpose: the keys of a batch of facts that go through the fold: logged already, stated more than
-- once, said to be no more, or stated of a time before a full delivery that is known already.
-- Grain: one row a key.
-- Parameters: deliveries (bigint[]), run_at, full_until; {staging}, {log}, {key}, {same_log}, {key_of_s}.
CREATE TEMPORARY TABLE general_key ON COMMIT DROP AS
SELECT DISTINCT {key_of_s}
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND (
        s.effective_at > %(run_at)s
        OR s.effective_at <= %(full_until)s
        OR s.is_deletion
        OR EXISTS (
            SELECT 1
            FROM {log} AS l
            WHERE {same_log}
        )
    )
UNION
SELECT {key_of_s}
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
GROUP BY {key_of_s}
HAVING count(*) > 1
