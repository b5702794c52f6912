-- Purpose: how many current versions the short way ends or corrects.
-- Grain: one row.
-- Parameters: none.
SELECT count(*) AS changes
FROM tip AS t
WHERE t.opens OR t.overwrites
