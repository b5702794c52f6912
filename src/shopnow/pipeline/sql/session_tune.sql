-- Purpose: the loader's session: index builds and sorts of large batches stay in memory; plans are
-- not compiled, batches are too short for it.
-- Grain: none.
-- Parameters: none.
SELECT
    set_config('maintenance_work_mem', '512MB', FALSE) AS maintenance,
    set_config('jit', 'off', FALSE) AS jit
