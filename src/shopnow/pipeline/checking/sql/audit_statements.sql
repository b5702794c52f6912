-- Purpose: deliveries of which the change log holds more statements than they had records that could
-- say something: rows that no delivery explains.
-- Grain: one row a delivery and dimension.
-- Parameters: most; {log}, {feed}.
SELECT
    d.delivery_key::text AS subject,
    format('%%s > %%s', said.statements, d.accepted + d.superseded + d.held) AS detail
FROM (
    SELECT
        l.delivery_key,
        count(DISTINCT l.record_no) AS statements
    FROM {log} AS l
    WHERE l.record_no > 0
        AND l.source_rank > 0
        AND l.kind <> 'silent'
    GROUP BY l.delivery_key
) AS said
INNER JOIN staging.delivery AS d
    ON d.delivery_key = said.delivery_key
        AND d.feed = {feed}
        AND d.state = 'published'
WHERE said.statements > d.accepted + d.superseded + d.held
LIMIT %(most)s
