-- Purpose: what was bound anew goes to the journal of it (scd.md R7).
-- Grain: one row a member, pair of versions and month.
-- Parameters: run_at.
INSERT INTO history.retie (
    dimension, seller_no, natural_key, old_version, new_version, month, facts, retied_at
)
SELECT
    moved.dimension,
    moved.seller_no,
    moved.natural_key,
    moved.old_version,
    moved.new_version,
    moved.month,
    sum(moved.facts),
    %(run_at)s
FROM retie_moved AS moved
GROUP BY
    moved.dimension,
    moved.seller_no,
    moved.natural_key,
    moved.old_version,
    moved.new_version,
    moved.month
ORDER BY
    moved.dimension,
    moved.seller_no,
    moved.natural_key,
    moved.month,
    moved.old_version
RETURNING facts
