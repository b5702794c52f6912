-- Purpose: every identifier of a source system with the seller it leads to, by time.
-- Grain: one row; in each of its arrays one element an identifier and period, microseconds of UTC.
-- Parameters: source.
SELECT
    coalesce(array_agg(seller_id ORDER BY seller_id, valid_from), '{}'::text[]) AS seller_ids,
    coalesce(
        array_agg((extract(EPOCH FROM valid_from) * 1000000)::bigint ORDER BY seller_id, valid_from),
        '{}'::bigint[]
    ) AS valid_from,
    coalesce(
        array_agg((extract(EPOCH FROM valid_to) * 1000000)::bigint ORDER BY seller_id, valid_from),
        '{}'::bigint[]
    ) AS valid_to,
    coalesce(array_agg(seller_no ORDER BY seller_id, valid_from), '{}'::integer[]) AS seller_nos
FROM security.seller_identifier
WHERE source = %(source)s
