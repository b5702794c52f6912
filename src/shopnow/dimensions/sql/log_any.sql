-- Purpose: whether anything was ever said: a first load looks nothing up; and whether anything of it
-- waits for its time.
-- Grain: one row.
-- Parameters: {log}.
SELECT
    EXISTS(SELECT 1 FROM {log}) AS is_known,
    EXISTS(
        SELECT 1
        FROM {log} AS l
        WHERE l.state = 'pending'
    ) AS is_any_pending
