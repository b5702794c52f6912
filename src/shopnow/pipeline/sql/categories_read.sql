-- Purpose: the categories of a tree by identifier and by path.
-- Grain: one row a category; of two with one path the first identifier comes last, and counts.
-- Parameters: taxonomy.
SELECT
    category_id,
    path_fr,
    path_en
FROM dwh.dim_category
WHERE taxonomy = %(taxonomy)s
ORDER BY category_id DESC
