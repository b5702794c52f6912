-- Purpose: versions that name no delivery that was taken in (scd.md R12).
-- Grain: one row a version.
-- Parameters: most; {dim}, {key_of_d}.
SELECT
    concat_ws('/', {key_of_d}) AS subject,
    d.delivery_key::text AS detail
FROM {dim} AS d
LEFT JOIN staging.delivery AS named
    ON named.delivery_key = d.delivery_key
WHERE d.delivery_key <> 0
    AND (named.delivery_key IS NULL OR named.state IN ('refused', 'failed', 'received'))
LIMIT %(most)s
