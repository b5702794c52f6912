-- Purpose: the next commit is on the disk when it returns.
-- Grain: none.
-- Parameters: none.
SELECT set_config('synchronous_commit', 'on', FALSE) AS commits
