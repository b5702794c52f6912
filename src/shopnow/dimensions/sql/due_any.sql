-- Purpose: whether the time of a statement has come.
-- Grain: one row.
-- Parameters: run_at; {log}.
SELECT EXISTS(
    SELECT 1
    FROM {log} AS l
    WHERE l.state = 'pending'
        AND l.effective_at <= %(run_at)s
) AS is_any
