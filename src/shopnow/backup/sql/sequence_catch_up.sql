-- Purpose: let a sequence go on after every number that was ever given. Grain: one row.
-- Parts: table, column. Parameters: sequence, floor.
SELECT
    setval(
        %(sequence)s::regclass,
        greatest(coalesce(max(t.{column}), 1), %(floor)s::bigint, 1)
    )
FROM {table} AS t
