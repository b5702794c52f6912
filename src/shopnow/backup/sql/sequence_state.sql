-- Purpose: the last number that a sequence gave. Grain: one row. Part: sequence.
SELECT CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - 1 END AS last_value
FROM {sequence} AS s
