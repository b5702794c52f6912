-- The queue of planned work and the signs of life of our processes.
--
-- Tables and functions named procrastinate_* are made by the installed package itself, in this
-- schema instead of the first of the search path. A later version brings its changes as migrations.

CREATE TABLE jobs.heartbeat (
    process text NOT NULL,
    pid integer NOT NULL,
    host text NOT NULL,
    started_at timestamptz NOT NULL,
    beat_at timestamptz NOT NULL,
    doing text NOT NULL DEFAULT '',
    CONSTRAINT heartbeat_pkey PRIMARY KEY (process)
);
COMMENT ON TABLE jobs.heartbeat IS 'Signs of life; grain: one process of the supervisor.';
COMMENT ON COLUMN jobs.heartbeat.process IS 'worker, watchdog or web.';
COMMENT ON COLUMN jobs.heartbeat.pid IS 'Its process number on its machine.';
COMMENT ON COLUMN jobs.heartbeat.host IS 'Its machine.';
COMMENT ON COLUMN jobs.heartbeat.started_at IS 'When it started, UTC.';
COMMENT ON COLUMN jobs.heartbeat.beat_at IS 'Its last sign, UTC.';
COMMENT ON COLUMN jobs.heartbeat.doing IS 'What it does at the moment; empty when it waits.';

SET LOCAL search_path = jobs;
-- package procrastinate==3.10.0: sql/schema.sql

COMMENT ON TABLE jobs.procrastinate_workers IS 'Workers that are alive; grain: one worker.';
COMMENT ON COLUMN jobs.procrastinate_workers.id IS 'Number of the worker.';
COMMENT ON COLUMN jobs.procrastinate_workers.last_heartbeat IS 'Its last sign of life.';
COMMENT ON TABLE jobs.procrastinate_jobs IS 'Planned work: waiting, under way, done; grain: one job.';
COMMENT ON COLUMN jobs.procrastinate_jobs.id IS 'Number of the job.';
COMMENT ON COLUMN jobs.procrastinate_jobs.queue_name IS 'Queue that it waits in.';
COMMENT ON COLUMN jobs.procrastinate_jobs.task_name IS 'What is to be done.';
COMMENT ON COLUMN jobs.procrastinate_jobs.priority IS 'The higher one goes first.';
COMMENT ON COLUMN jobs.procrastinate_jobs.lock IS 'Jobs with the same lock run one after the other.';
COMMENT ON COLUMN jobs.procrastinate_jobs.queueing_lock IS 'Only one job with it may wait.';
COMMENT ON COLUMN jobs.procrastinate_jobs.args IS 'Arguments of the task.';
COMMENT ON COLUMN jobs.procrastinate_jobs.status IS 'todo, doing, succeeded, failed, cancelled or aborted.';
COMMENT ON COLUMN jobs.procrastinate_jobs.scheduled_at IS 'Not before this time; null: at once.';
COMMENT ON COLUMN jobs.procrastinate_jobs.attempts IS 'How often it was tried.';
COMMENT ON COLUMN jobs.procrastinate_jobs.abort_requested IS 'True when somebody asked to stop it.';
COMMENT ON COLUMN jobs.procrastinate_jobs.worker_id IS 'The worker that has it.';
COMMENT ON TABLE jobs.procrastinate_periodic_defers IS 'Periodic jobs that were planned; grain: one time of one task.';
COMMENT ON COLUMN jobs.procrastinate_periodic_defers.id IS 'Number of the entry.';
COMMENT ON COLUMN jobs.procrastinate_periodic_defers.task_name IS 'What is to be done.';
COMMENT ON COLUMN jobs.procrastinate_periodic_defers.defer_timestamp IS 'The time it was planned for, seconds since 1970.';
COMMENT ON COLUMN jobs.procrastinate_periodic_defers.job_id IS 'The job made for it.';
COMMENT ON COLUMN jobs.procrastinate_periodic_defers.periodic_id IS 'Tells two rhythms of one task apart.';
COMMENT ON TABLE jobs.procrastinate_events IS 'What happened to jobs; grain: one event.';
COMMENT ON COLUMN jobs.procrastinate_events.id IS 'Number of the event.';
COMMENT ON COLUMN jobs.procrastinate_events.job_id IS 'The job.';
COMMENT ON COLUMN jobs.procrastinate_events.type IS 'What happened.';
COMMENT ON COLUMN jobs.procrastinate_events.at IS 'When.';

-- Nobody but the loader runs them; they find their tables whatever the caller's search path is.
DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOR routine IN
        SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', routine);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO shopnow_etl', routine);
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA jobs TO shopnow_etl, shopnow_admin, shopnow_engineer, shopnow_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO shopnow_etl;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA jobs TO shopnow_etl;
GRANT MAINTAIN ON ALL TABLES IN SCHEMA jobs TO shopnow_etl; -- noqa: PRS
GRANT SELECT ON jobs.heartbeat, jobs.procrastinate_jobs
TO shopnow_admin, shopnow_engineer, shopnow_operator;
SET LOCAL search_path = "$user", public;
