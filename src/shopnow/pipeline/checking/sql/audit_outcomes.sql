-- Purpose: deliveries whose records do not have one outcome each (conservation), or whose rejects are
-- not those that stand in quality.reject.
-- Grain: one row a delivery.
-- Parameters: most.
SELECT
    d.delivery_key::text AS subject,
    format(
        '%%s ≠ %%s + %%s + %%s + %%s + %%s', d.records, d.accepted, d.rejected, d.duplicate, d.superseded,
        d.held
    ) AS detail
FROM staging.delivery AS d
WHERE d.state = 'published'
    AND (
        d.records IS DISTINCT FROM
        d.accepted + d.rejected + d.duplicate + d.superseded + d.held
        OR d.rejected <> (
            SELECT count(*)
            FROM quality.reject AS r
            WHERE r.delivery_key = d.delivery_key
                AND r.record_no > 0
        )
    )
LIMIT %(most)s
