-- Purpose: the job is over: what it took from the work list is done.
-- Grain: one row an entry.
-- Parameters: last_due_no.
WITH closed AS (
    DELETE FROM history.retie_progress
    WHERE last_due_no = %(last_due_no)s
)

DELETE FROM history.retie_due
WHERE due_no <= %(last_due_no)s
