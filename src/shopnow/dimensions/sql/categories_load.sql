-- Purpose: the category tree as a taxonomy states it; categories that it no longer names stay, since
-- facts may refer to them.
-- Grain: one row a category.
-- Parameters: category_ids, parent_ids, paths_fr, paths_en (text[]), levels (smallint[]), taxonomy_version,
-- taxonomy.
INSERT INTO dwh.dim_category AS kept (
    category_id, parent_id, path_fr, path_en, level, taxonomy_version, taxonomy
)
SELECT
    stated.category_id,
    stated.parent_id,
    stated.path_fr,
    stated.path_en,
    stated.level,
    %(taxonomy_version)s,
    %(taxonomy)s
FROM unnest(
        %(category_ids)s::text[],
        %(parent_ids)s::text[],
        %(paths_fr)s::text[],
        %(paths_en)s::text[],
        %(levels)s::smallint[]
    ) AS stated (category_id, parent_id, path_fr, path_en, level)
ON CONFLICT (category_id) DO UPDATE
    SET
        parent_id = excluded.parent_id,
        path_fr = excluded.path_fr,
        path_en = excluded.path_en,
        level = excluded.level,
        taxonomy_version = excluded.taxonomy_version,
        taxonomy = excluded.taxonomy
    WHERE (
        kept.parent_id, kept.path_fr, kept.path_en, kept.level, kept.taxonomy_version,
        kept.taxonomy
    ) IS DISTINCT FROM (
        excluded.parent_id, excluded.path_fr, excluded.path_en, excluded.level,
        excluded.taxonomy_version, excluded.taxonomy
    )
