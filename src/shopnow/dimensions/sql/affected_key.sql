-- Purpose: the keys whose state may change.
-- Grain: one row a key.
-- Parameters: {key}.
CREATE TEMPORARY TABLE affected_key ON COMMIT DROP AS
SELECT DISTINCT {key}
FROM logged
