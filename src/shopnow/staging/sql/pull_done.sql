-- Purpose: a pull ended well; how far it reached is kept with what it brought.
-- Grain: one row.
-- Parameters: source, resume_value (null: as it was), at, next_at, delivery_key (null: as it was).
UPDATE staging.source_pull
SET
    resume_value = coalesce(%(resume_value)s, resume_value),
    last_attempt_at = %(at)s,
    last_success_at = %(at)s,
    next_at = %(next_at)s,
    failures = 0,
    last_error = NULL,
    delivery_key = coalesce(%(delivery_key)s, delivery_key)
WHERE source = %(source)s
