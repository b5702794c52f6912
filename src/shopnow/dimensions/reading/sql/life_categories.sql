-- Purpose: what people call the categories that a life names.
-- Grain: one row a category.
-- Parameters: categories (text[]).
SELECT
    c.category_id,
    c.path_fr
FROM dwh.dim_category AS c
WHERE c.category_id = any(%(categories)s)
