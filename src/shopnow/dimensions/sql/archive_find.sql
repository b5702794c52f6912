-- Purpose: members with several versions that ended before a time, none of them a withdrawal.
-- Grain: one row a member.
-- Parameters: before; {dim}, {key_of_d}, {surrogate}, {is_erased}.
CREATE TEMPORARY TABLE archived ON COMMIT DROP AS
SELECT
    {key_of_d},
    min(d.valid_from) AS first_from,
    max(d.valid_from) AS last_from
FROM {dim} AS d
WHERE d.valid_to <= %(before)s
    AND NOT d.is_inferred
    AND d.{surrogate} > 0
    AND NOT {is_erased}
GROUP BY {key_of_d}
HAVING count(*) > 1
    AND NOT bool_or(d.is_deleted)
