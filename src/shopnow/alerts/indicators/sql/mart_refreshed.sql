-- Purpose: the last load that a mart has followed.
-- Grain: one row, null for an empty mart.
-- Parameters: {mart}.
SELECT max(batch_no)
FROM {mart}
