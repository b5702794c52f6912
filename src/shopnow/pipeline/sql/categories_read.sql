-- Purpose: the house's categories by identifier and by path.
-- Grain: one row a category.
-- Parameters: none.
SELECT
    category_id,
    path_fr,
    path_en
FROM dwh.dim_category
