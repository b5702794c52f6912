-- Purpose: how many statements the batch holds, counted up to a number, how many of them are embedded,
-- and whose they are.
-- Grain: one row.
-- Parameters: deliveries (bigint[]), most; {staging}, {owner_of_s}.
SELECT
    coalesce(sum(part.statements), 0)::bigint AS statements,
    coalesce(sum(part.embedded), 0)::bigint AS embedded,
    coalesce(array_agg(part.owner), '{{}}') AS owners
FROM (
    SELECT
        few.owner,
        count(*) AS statements,
        count(*) FILTER (WHERE few.is_embedded) AS embedded
    FROM (
        SELECT
            {owner_of_s} AS owner,
            s.is_embedded
        FROM {staging} AS s
        WHERE s.delivery_key = any(%(deliveries)s)
        LIMIT %(most)s
    ) AS few
    GROUP BY few.owner
) AS part
