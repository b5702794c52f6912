-- Purpose: how a source did since a moment: what the check after going live looks at.
-- Grain: one row.
-- Parameters: source, since.
SELECT
    count(*) AS deliveries,
    count(*) FILTER (WHERE state = 'published') AS published,
    count(*) FILTER (WHERE state = 'refused') AS refused,
    count(*) FILTER (WHERE state = 'held') AS held,
    count(*) FILTER (WHERE state = 'failed') AS failed,
    coalesce(sum(records), 0)::bigint AS records,
    coalesce(sum(rejected), 0)::bigint AS rejected,
    coalesce(sum(unreadable), 0)::bigint AS unreadable,
    max(received_at) AS last_received_at
FROM staging.delivery
WHERE source = %(source)s
    AND received_at >= %(since)s
