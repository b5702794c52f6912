-- Purpose: what came in.
-- Grain: one row a feed.
-- Parameters: none.
SELECT
    d.feed,
    count(*) AS deliveries,
    count(*) FILTER (WHERE d.state IN ('refused', 'failed', 'held')) AS troubled,
    coalesce(sum(d.lines), 0)::bigint AS lines,
    coalesce(sum(d.records), 0)::bigint AS records,
    coalesce(sum(d.accepted), 0)::bigint AS accepted,
    coalesce(sum(d.rejected), 0)::bigint AS rejected,
    coalesce(sum(d.duplicate), 0)::bigint AS duplicate,
    coalesce(sum(d.superseded), 0)::bigint AS superseded,
    coalesce(sum(d.held), 0)::bigint AS held,
    coalesce(sum(d.unreadable), 0)::bigint AS unreadable
FROM staging.delivery AS d
GROUP BY d.feed
ORDER BY array_position(
    ARRAY['sellers', 'customers', 'products', 'offers', 'orders', 'clickstream'], d.feed
)
