-- Purpose: no key goes through the fold.
-- Grain: one row a key.
-- Parameters: {key}, {log}.
CREATE TEMPORARY TABLE affected_key ON COMMIT DROP AS
SELECT {key}
FROM {log}
WITH NO DATA
