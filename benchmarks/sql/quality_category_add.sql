-- Purpose: the house knows these categories. Grain: a category.
-- Parameters: paths.
INSERT INTO dwh.dim_category (category_id, parent_id, path_fr, path_en, level, taxonomy_version)
SELECT
    'bench-' || n.number AS category_id,
    NULL AS parent_id,
    n.path AS path_fr,
    n.path AS path_en,
    1 AS level,
    'bench' AS taxonomy_version
FROM unnest(%(paths)s::text[]) WITH ORDINALITY AS n (path, number);
