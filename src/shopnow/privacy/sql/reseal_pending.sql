-- Purpose: deliveries whose files are still to be sealed again; a replay of rejects shares the file of
-- its original.
-- Grain: one row a delivery; is_read where no run reads its files any more.
SELECT
    n.delivery_key,
    n.lines,
    n.old_ref,
    n.old_paths,
    NOT EXISTS (
        SELECT 1
        FROM staging.delivery_file AS mine
        INNER JOIN staging.delivery_file AS f ON mine.landing_ref = f.landing_ref
        INNER JOIN staging.delivery AS d ON f.delivery_key = d.delivery_key
        WHERE mine.delivery_key = n.delivery_key
            AND d.state NOT IN ('published', 'refused')
    ) AS is_read
FROM privacy.reseal AS n
ORDER BY n.delivery_key
