-- Purpose: a category by its identifier or one of its paths, the house's tree first.
-- Grain: one row, or none.
-- Parameters: category (lower case).
SELECT
    category_id,
    path_fr
FROM dwh.dim_category
WHERE %(category)s IN (lower(category_id), lower(path_fr), lower(path_en))
ORDER BY taxonomy = 'house' DESC, category_id
LIMIT 1
