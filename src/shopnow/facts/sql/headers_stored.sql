-- Purpose: the headers of known orders as they stand before this batch.
-- Grain: one row an order.
-- Parameters: none.
CREATE TEMPORARY TABLE header_stored ON COMMIT DROP AS
SELECT
    stored.order_id,
    stored.order_on,
    stored.purchased_at,
    stored.status,
    stored.delivered_at > stored.promised_at AS is_late,
    stored.seller_nos,
    stored.is_complete
FROM dwh.fact_order_header AS stored
INNER JOIN order_known AS known
    ON known.order_id = stored.order_id
