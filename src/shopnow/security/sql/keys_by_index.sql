-- Purpose: whether the planner may read whole tables, as it was before.
-- Grain: one row.
-- Parameters: may ('on' or 'off'); until the end of the transaction.
SELECT
    current_setting('enable_seqscan') AS before,
    set_config('enable_seqscan', %(may)s, TRUE) AS now
