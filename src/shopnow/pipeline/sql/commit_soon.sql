-- Purpose: commits that do not wait for the disk: the journal's starts of runs and steps, and steps 1
-- to 3, which are done again from the sealed file when the server loses them.
-- Grain: none.
-- Parameters: is_local (true: this transaction only).
SELECT set_config('synchronous_commit', 'off', %(is_local)s) AS commits
