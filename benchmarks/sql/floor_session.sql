-- Purpose: the session of the history floor: keys are built with more memory, and nothing is
-- compiled; more work_mem was slower (it keeps the planner from joining in parallel). Grain: one row.
SELECT
    set_config('maintenance_work_mem', '512MB', FALSE) AS maintenance,
    set_config('work_mem', '4MB', FALSE) AS work,
    set_config('jit', 'off', FALSE) AS jit;
