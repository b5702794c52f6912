-- Purpose: what is corrected is corrected on the versions before the current one too (scd.md R10).
-- Grain: one row a version.
-- Parameters: none; {dim}, {same_t_d}, {tip_texts}.
UPDATE {dim} AS d
SET {tip_texts}
FROM tip AS t
WHERE t.overwrites
    AND t.version > 1
    AND {same_t_d}
    AND NOT d.is_current
