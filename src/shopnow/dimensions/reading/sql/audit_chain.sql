-- Purpose: versions that do not end where the next one starts, and last ones that end (scd.md R1).
-- Grain: one row a version.
-- Parameters: most; {dim}, {key_of_d}.
SELECT
    chain.member AS subject,
    format('%%s → %%s', chain.valid_to, chain.next_from) AS detail
FROM (
    SELECT
        concat_ws('/', {key_of_d}) AS member,
        d.valid_to,
        lead(d.valid_from, 1, '9999-12-31 00:00+00') OVER (
            PARTITION BY {key_of_d}
            ORDER BY d.valid_from
        ) AS next_from
    FROM {dim} AS d
) AS chain
WHERE chain.valid_to <> chain.next_from
LIMIT %(most)s
