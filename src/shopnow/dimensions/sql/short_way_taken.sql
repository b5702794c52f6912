-- Purpose: whether the load that has just ended looked for statements that take the short way, and
-- whether it left any.
-- Grain: one row.
-- Parameters: none.
SELECT
    to_regclass('pg_temp.tip') IS NOT NULL AS is_taken,
    to_regclass('pg_temp.general_said') IS NOT NULL AS is_some_left
