-- Purpose: records of a first load whose key is stated more than once, or of the future.
-- Grain: one row a record.
-- Parameters: {staging}, {same_general}.
SELECT
    s.delivery_key,
    s.record_no
FROM {staging} AS s
INNER JOIN general_key AS g
    ON {same_general}
