-- Purpose: what a day changes: the newest hundredth of the lines are said again.
UPDATE dwh.fact_order AS f
SET line_status = 'returned'
WHERE f.source_line >= (SELECT max(m.source_line) * 0.99 FROM dwh.fact_order AS m)
