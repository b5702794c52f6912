-- Purpose: what was said of these customers is forgotten: their versions stay as they stand, and
-- are computed anew no more.
-- Grain: one row a statement.
DELETE FROM history.customer_change AS c
USING pg_temp.erased_person AS p
WHERE c.customer_no = p.subject_no
