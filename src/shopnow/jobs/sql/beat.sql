-- Purpose: a process is alive.
-- Grain: one row.
-- Parameters: doing, host, now, pid, process, started_at.
INSERT INTO jobs.heartbeat (process, pid, host, started_at, beat_at, doing)
VALUES (%(process)s, %(pid)s, %(host)s, %(started_at)s, %(now)s, %(doing)s)
ON CONFLICT (process) DO UPDATE
    SET
        pid = excluded.pid,
        host = excluded.host,
        started_at = excluded.started_at,
        beat_at = excluded.beat_at,
        doing = excluded.doing
