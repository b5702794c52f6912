-- Purpose: a request of a person and its answer.
-- Grain: one row a person.
-- Parameters: subjects (bigint[]), kind, at, due_at, outcome.
INSERT INTO privacy.request (subject_no, kind, state, received_at, due_at, closed_at, outcome)
SELECT
    given.subject_no,
    %(kind)s,
    'done',
    %(at)s,
    %(due_at)s,
    %(at)s,
    %(outcome)s
FROM unnest(%(subjects)s::bigint[]) AS given (subject_no)
RETURNING request_no
