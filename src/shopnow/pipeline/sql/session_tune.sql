-- Purpose: the loader's session: sorts and hashes of large batches stay in memory (INSERT .. SELECT
-- is never parallel, so nothing is lost by it); plans are not compiled, batches are too short.
-- Grain: none.
-- Parameters: none.
SELECT
    set_config('maintenance_work_mem', '512MB', FALSE) AS maintenance,
    set_config('work_mem', '256MB', FALSE) AS work,
    set_config('jit', 'off', FALSE) AS jit
