-- Purpose: a new job takes all that stands in the work list; none where the list is empty.
-- Grain: one row at most.
-- Parameters: run_at.
INSERT INTO history.retie_progress (last_due_no, before_month, opened_at)
SELECT
    max(due.due_no),
    '9999-12-01',
    %(run_at)s
FROM history.retie_due AS due
HAVING count(*) > 0
RETURNING last_due_no, before_month
