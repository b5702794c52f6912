-- Purpose: a month is done: a job that is killed goes on before it.
-- Grain: one row.
-- Parameters: last_due_no, month.
UPDATE history.retie_progress
SET before_month = %(month)s
WHERE last_due_no = %(last_due_no)s
