-- Purpose: senders are told of records that wait for a person.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]).
INSERT INTO quality.warning (delivery_key, line_no, record_no, seller_no, rule_code, column_name)
SELECT
    held.delivery_key,
    held.line_no,
    held.record_no,
    delivery.sender_no,
    held.reason,
    'legal_id'
FROM staging.statement_held AS held
INNER JOIN staging.delivery AS delivery
    ON delivery.delivery_key = held.delivery_key
WHERE held.delivery_key = any(%(deliveries)s)
