-- Purpose: one delivery of a seller.
-- Grain: at most one row.
-- Parameters: delivery_key.
SELECT
    sent.delivery_key,
    sent.feed,
    sent.file_name,
    sent.received_at,
    sent.state,
    sent.records,
    sent.accepted,
    sent.rejected,
    sent.duplicate,
    sent.held,
    sent.unreadable,
    sent.reason
FROM seller.my_deliveries AS sent
WHERE sent.delivery_key = %(delivery_key)s
