-- Purpose: every key that a dimension should have versions of: what the log speaks of, and what
-- stands there without being inferred or reserved. Whoever was erased has versions and no log: they
-- stay as they stand.
-- Grain: one row a key.
-- Parameters: none; {log}, {dim}, {key}, {surrogate}, {is_erased}.
CREATE TEMPORARY TABLE affected_key ON COMMIT DROP AS
SELECT {key}
FROM {log}
WHERE state = 'applied'
    AND kind <> 'silent'
UNION
SELECT {key}
FROM {dim}
WHERE NOT is_inferred
    AND {surrogate} > 0
    AND NOT {is_erased}
