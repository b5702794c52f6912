-- Purpose: one run.
-- Grain: at most one row.
-- Parameters: run_id.
SELECT
    run.run_id,
    run.kind,
    run.started_at,
    run.ended_at,
    run.status,
    run.code_version,
    extract(EPOCH FROM run.ended_at - run.started_at)::float AS seconds
FROM journal.run AS run
WHERE run.run_id = %(run_id)s
