-- Purpose: runs that ended and were not told, up to the first that is still under way.
-- Grain: one run, in order.
-- Parameters: after, most.
SELECT
    run_id,
    kind,
    started_at,
    ended_at,
    status,
    code_version
FROM journal.run
WHERE
    run_id > %(after)s
    AND run_id < coalesce(
        (
            SELECT min(under_way.run_id)
            FROM journal.run AS under_way
            WHERE
                under_way.run_id > %(after)s
                AND under_way.status = 'running'
        ),
        9223372036854775807
    )
ORDER BY run_id
LIMIT %(most)s
