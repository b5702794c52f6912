-- Purpose: no version is gone.
-- Grain: one row a version.
-- Parameters: {key}, {surrogate}, {dim}.
CREATE TEMPORARY TABLE vanished ON COMMIT DROP AS
SELECT
    {key},
    {surrogate}
FROM {dim}
WITH NO DATA
