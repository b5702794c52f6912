-- Purpose: staged names of these customers.
-- Grain: one row a customer and delivery.
DELETE FROM staging.customer_seen AS r
USING pg_temp.erased_person AS p
WHERE r.customer_no = p.subject_no
