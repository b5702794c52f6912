-- Purpose: what a seller sent, newest first.
-- Grain: one row a delivery.
-- Parameters: most.
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
    sent.reason
FROM seller.my_deliveries AS sent
ORDER BY sent.delivery_key DESC
LIMIT %(most)s
