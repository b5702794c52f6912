-- Purpose: the highest surrogate key that may have been given, so that none is ever given twice
-- (scd.md R11); nothing is written while the mark stands.
-- Grain: one row a dimension.
-- Parameters: run_at, names (text[]) of the dimensions, sequences (text[]) of their keys.
INSERT INTO history.key_mark AS kept (dimension, marked_at, highest_key)
SELECT
    given.dimension,
    %(run_at)s,
    given.highest_key
FROM (
    SELECT
        each.dimension,
        pg_sequence_last_value(each.sequence::regclass) AS highest_key
    FROM unnest(%(names)s::text[], %(sequences)s::text[]) AS each (dimension, sequence)
) AS given
WHERE given.highest_key IS NOT NULL
ON CONFLICT (dimension) DO UPDATE
    SET marked_at = excluded.marked_at, highest_key = excluded.highest_key
    WHERE kept.highest_key < excluded.highest_key
