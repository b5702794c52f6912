-- Purpose: every key that a dimension should have versions of: what the log speaks of, and what
-- stands there without being inferred or reserved.
-- Grain: one row a key.
-- Parameters: none; {log}, {dim}, {key}, {surrogate}.
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
