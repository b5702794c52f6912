-- Purpose: senders are told of records whose place among others of one time only their content decided.
-- Grain: one row a record.
-- Parameters: none.
INSERT INTO quality.warning (delivery_key, line_no, record_no, seller_no, rule_code, column_name)
SELECT
    found.delivery_key,
    found.line_no,
    found.record_no,
    delivery.sender_no,
    'ambiguous_order',
    'sequence'
FROM ambiguous_order AS found
INNER JOIN staging.delivery AS delivery
    ON delivery.delivery_key = found.delivery_key
