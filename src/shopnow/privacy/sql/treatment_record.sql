-- Purpose: one treatment was carried out, or failed.
-- Grain: one row.
-- Parameters: treatment, started_at, ended_at, kept_from, removed, outcome.
INSERT INTO privacy.treatment_run (treatment, started_at, ended_at, kept_from, removed, outcome)
VALUES (
    %(treatment)s,
    %(started_at)s,
    %(ended_at)s,
    %(kept_from)s,
    %(removed)s,
    %(outcome)s
)
