-- Purpose: categories of a tree whose path holds every word, letter case aside.
-- Grain: one row a category, in the order of the French path, with how many there are.
-- Parameters: words (text[], lower case), taxonomy, limit.
SELECT
    category_id,
    path_fr,
    path_en,
    count(*) OVER () AS found
FROM dwh.dim_category
WHERE taxonomy = %(taxonomy)s
    AND NOT EXISTS (
        SELECT 1
        FROM unnest(%(words)s::text[]) AS wanted (word)
        WHERE position(wanted.word IN lower(path_fr)) = 0
            AND position(wanted.word IN lower(path_en)) = 0
    )
ORDER BY path_fr, category_id
LIMIT %(limit)s
