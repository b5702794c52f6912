-- Purpose: the highest surrogate key that a dimension ever gave, whatever it holds now.
-- Grain: one row. Parameter: name (of the table).
SELECT coalesce(max(m.highest_key), 0) AS highest_key
FROM history.key_mark AS m
WHERE 'dwh.dim_' || m.dimension = %(name)s
