-- Purpose: the keys whose state may change.
-- Grain: one row a key.
-- Parameters: run_at; {key}.
CREATE TEMPORARY TABLE affected_key ON COMMIT DROP AS
SELECT DISTINCT {key}
FROM logged
WHERE effective_at <= %(run_at)s
