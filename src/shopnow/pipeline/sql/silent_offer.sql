-- Purpose: keys of a full delivery whose records contradict each other: present, but nothing is said.
-- Grain: one row a record.
-- Parameters: delivery_key, records (bigint[]).
INSERT INTO staging.silent_row (delivery_key, kind, seller_no, product_id)
SELECT
    delivery_key,
    'offer',
    seller_no,
    product_id
FROM staging.offer_row
WHERE delivery_key = %(delivery_key)s
    AND record_no = any(%(records)s)
