-- Purpose: the old statements, which one other stands for now.
-- Grain: one row a statement.
-- Parameters: none; {log}, {same_affected}.
DELETE FROM {log} AS l
USING archived AS a
WHERE {same_affected}
    AND l.effective_at <= a.last_from
    AND l.state = 'applied'
