-- Purpose: the folded versions with the surrogate keys they keep: a version that starts when it
-- started keeps its key, then one with the same content, then the inferred member becomes the
-- first version in place (scd.md S07, S10, S21, S62); the others are new.
-- Grain: one row a version.
-- Parameters: none; composed of the dimension's key and type-2 attributes.
CREATE TEMPORARY TABLE target ON COMMIT DROP AS
WITH same_start AS (
    SELECT
        {key_of_f},
        f.version,
        e.{surrogate}
    FROM folded AS f
    INNER JOIN existing AS e
        ON {same_e_f}
            AND e.valid_from = f.valid_from
),

moved_to AS (
    SELECT
        f.*,
        row_number() OVER (
            PARTITION BY {key_of_f}, f.is_deleted, {content_of_f}
            ORDER BY f.valid_from
        ) AS nth
    FROM folded AS f
    WHERE NOT EXISTS (
            SELECT 1
            FROM same_start AS m
            WHERE {same_m_f}
                AND m.version = f.version
        )
),

moved_from AS (
    SELECT
        e.*,
        row_number() OVER (
            PARTITION BY {key_of_e}, e.is_deleted, {content_of_e}
            ORDER BY e.valid_from
        ) AS nth
    FROM existing AS e
    WHERE NOT e.is_inferred
        AND NOT EXISTS (
            SELECT 1
            FROM same_start AS m
            WHERE {same_m_e}
                AND m.{surrogate} = e.{surrogate}
        )
),

same_content AS (
    SELECT
        {key_of_f},
        f.version,
        e.{surrogate}
    FROM moved_to AS f
    INNER JOIN moved_from AS e
        ON {same_e_f}
            AND e.is_deleted = f.is_deleted
            AND {same_content}
            AND e.nth = f.nth
),

in_place AS (
    SELECT
        {key_of_f},
        f.version,
        e.{surrogate}
    FROM moved_to AS f
    INNER JOIN existing AS e
        ON {same_e_f}
            AND e.is_inferred
    WHERE f.version = 1
),

kept AS (
    SELECT *
    FROM same_start
    UNION ALL
    SELECT *
    FROM same_content
    UNION ALL
    SELECT *
    FROM in_place
)

SELECT
    f.*,
    kept.{surrogate}
FROM folded AS f
LEFT JOIN kept
    ON {same_kept_f}
        AND kept.version = f.version
