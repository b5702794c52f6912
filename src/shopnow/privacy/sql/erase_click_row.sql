-- Purpose: staged visits of these customers, whose deliveries are taken in anew.
-- Grain: one row a record.
DELETE FROM staging.click_row AS r
USING pg_temp.erased_person AS p
WHERE r.customer_no = p.subject_no
