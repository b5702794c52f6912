-- Purpose: the batch's clicks against each other and against what stands.
-- Grain: one row a staged click.
-- Parameters: deliveries (bigint[]), zone.
CREATE TEMPORARY TABLE click_ranked ON COMMIT DROP AS
WITH placed AS (
    SELECT
        click.*,
        (click.event_at AT TIME ZONE %(zone)s)::date AS event_on,
        row_number() OVER w AS place,
        first_value(click.content_hash) OVER w AS winning_hash
    FROM staging.click_row AS click
    WHERE click.delivery_key = any(%(deliveries)s)
    WINDOW w AS (
        PARTITION BY click.seller_no, click.event_key
        ORDER BY click.content_hash DESC, click.delivery_key, click.record_no
    )
)

SELECT
    placed.*,
    stored.content_hash AS stored_hash
FROM placed
LEFT JOIN dwh.fact_clickstream AS stored
    ON stored.seller_no = placed.seller_no
        AND stored.event_key = placed.event_key
        AND stored.event_on = placed.event_on
