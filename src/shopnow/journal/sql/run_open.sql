-- Purpose: a new run.
-- Grain: one row.
-- Parameters: kind, started_at, code_version.
INSERT INTO journal.run (kind, started_at, code_version)
VALUES (%(kind)s, %(started_at)s, %(code_version)s)
RETURNING run_id
