-- When each planned work is due, and what became of it last.

CREATE TABLE jobs.plan (
    task text NOT NULL,
    title text NOT NULL,
    rhythm text NOT NULL,
    next_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    status text,
    said text,
    failures integer NOT NULL DEFAULT 0,
    CONSTRAINT plan_pkey PRIMARY KEY (task),
    CONSTRAINT plan_status_is_known CHECK (status IN ('running', 'done', 'failed'))
);
COMMENT ON TABLE jobs.plan IS
'Planned work: next and last time; grain: one task. What was missed while nothing ran is done once.';
COMMENT ON COLUMN jobs.plan.task IS 'Name of the task.';
COMMENT ON COLUMN jobs.plan.title IS 'What it does, in French.';
COMMENT ON COLUMN jobs.plan.rhythm IS 'How often, in French.';
COMMENT ON COLUMN jobs.plan.next_at IS 'When it is due next, UTC.';
COMMENT ON COLUMN jobs.plan.started_at IS 'When it was started last, UTC.';
COMMENT ON COLUMN jobs.plan.ended_at IS 'When it ended last, UTC.';
COMMENT ON COLUMN jobs.plan.status IS 'running, done or failed; null before its first time.';
COMMENT ON COLUMN jobs.plan.said IS 'What it said of itself last, in French: counts, never values of a person.';
COMMENT ON COLUMN jobs.plan.failures IS 'How often it failed in a row.';

GRANT SELECT, INSERT, UPDATE ON jobs.plan TO shopnow_etl;
GRANT SELECT ON jobs.plan TO shopnow_admin, shopnow_engineer, shopnow_operator;
GRANT MAINTAIN ON jobs.plan TO shopnow_etl; -- noqa: PRS
