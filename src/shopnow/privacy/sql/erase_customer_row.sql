-- Purpose: staged records of these customers; their deliveries are taken in anew.
-- Grain: one row a record.
DELETE FROM staging.customer_row AS r
USING pg_temp.erased_person AS p
WHERE r.customer_no = p.subject_no
