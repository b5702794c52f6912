-- Purpose: the paths of a tree's categories, that in the language of the reader first.
-- Grain: one row a category, in the order of the first path.
-- Parameters: language (fr or en), taxonomy.
SELECT
    CASE %(language)s::text WHEN 'en' THEN path_en ELSE path_fr END AS path,
    CASE %(language)s::text WHEN 'en' THEN path_fr ELSE path_en END AS other
FROM dwh.dim_category
WHERE taxonomy = %(taxonomy)s
ORDER BY path
