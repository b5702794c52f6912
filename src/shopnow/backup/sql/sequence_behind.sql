-- Purpose: whether a sequence would give a number that its table already has. Grain: one row.
-- Parts: sequence, table, column.
SELECT
    coalesce((SELECT max(t.{column}) FROM {table} AS t), 0)
    > (SELECT CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - 1 END FROM {sequence} AS s)
        AS is_behind
