-- Purpose: two versions of a member that start together and were believed at one time: reading
-- as-known-on could not tell which (scd.md R8).
-- Grain: one row a pair of versions.
-- Parameters: most; {dim}, {superseded}, {key_of_d}, {same_t_d}, {surrogate}.
SELECT
    concat_ws('/', {key_of_d}) AS subject,
    d.valid_from::text AS detail
FROM {superseded} AS d
WHERE d.known_from < d.known_to
    AND (
        EXISTS (
            SELECT 1
            FROM {dim} AS t
            WHERE {same_t_d}
                AND t.valid_from = d.valid_from
                AND t.known_from < d.known_to
        )
        OR EXISTS (
            SELECT 1
            FROM {superseded} AS t
            WHERE {same_t_d}
                AND t.valid_from = d.valid_from
                AND t.known_from < d.known_to
                AND d.known_from < t.known_to
                AND t.ctid <> d.ctid
        )
    )
LIMIT %(most)s
