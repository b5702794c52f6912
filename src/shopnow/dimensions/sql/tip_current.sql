-- Purpose: the current version ends where another begins, and says what is corrected.
-- Grain: one row a version.
-- Parameters: none; {dim}, {is_row_of_t}, {surrogate}, {tip_texts}.
UPDATE {dim} AS d
SET
    valid_to = CASE WHEN t.opens THEN t.effective_at ELSE d.valid_to END,
    is_current = NOT t.opens,
    {tip_texts}
FROM tip AS t
WHERE (t.opens OR t.overwrites)
    AND {is_row_of_t}
    AND d.{surrogate} = t.{surrogate}
