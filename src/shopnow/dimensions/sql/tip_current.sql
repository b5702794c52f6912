-- Purpose: the current version ends where another begins, and says what is corrected.
-- Grain: one row a version.
-- Parameters: none; {dim}, {same_t_d}, {surrogate}, {tip_texts}.
UPDATE {dim} AS d
SET
    valid_to = CASE WHEN t.opens THEN t.effective_at ELSE d.valid_to END,
    is_current = NOT t.opens,
    {tip_texts}
FROM tip AS t
WHERE (t.opens OR t.overwrites)
    AND {same_t_d}
    AND d.{surrogate} = t.{surrogate}
