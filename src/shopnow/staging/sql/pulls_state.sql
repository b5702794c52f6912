-- Purpose: how the fetched sources stand.
-- Grain: one row a source that was ever fetched.
-- Parameters: none.
SELECT
    source,
    resume_value,
    last_attempt_at,
    last_success_at,
    next_at,
    failures,
    last_error,
    delivery_key
FROM staging.source_pull
