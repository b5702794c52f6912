-- Purpose: keys of a full delivery whose records contradict each other: present, but nothing is said.
-- Grain: one row a record.
-- Parameters: delivery_key, records (bigint[]).
INSERT INTO staging.silent_row (delivery_key, kind, seller_no)
SELECT
    delivery_key,
    'seller',
    seller_no
FROM staging.seller_row
WHERE delivery_key = %(delivery_key)s
    AND record_no = any(%(records)s)
