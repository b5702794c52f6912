-- Purpose: what became of the lines and records of one delivery.
-- Grain: one row.
-- Parameters: delivery_key.
SELECT
    delivery.lines,
    delivery.records,
    delivery.accepted,
    delivery.rejected,
    delivery.duplicate,
    delivery.superseded,
    delivery.held,
    delivery.blank,
    delivery.unreadable
FROM staging.delivery AS delivery
WHERE delivery.delivery_key = %(delivery_key)s;
