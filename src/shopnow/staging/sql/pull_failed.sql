-- Purpose: a pull failed; how far the source was fetched stays as it was.
-- Grain: one row, failures and the seconds until the next attempt.
-- Parameters: source, at, every_seconds, longest_seconds, error.
UPDATE staging.source_pull
SET
    last_attempt_at = %(at)s,
    failures = failures + 1,
    last_error = %(error)s,
    -- Twice as long after each failure, within bounds.
    next_at = %(at)s + make_interval(
        secs => least(%(every_seconds)s * 2 ^ least(failures, 10), greatest(%(every_seconds)s, %(longest_seconds)s))
    )
WHERE source = %(source)s
RETURNING failures
