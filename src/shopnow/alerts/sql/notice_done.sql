-- Purpose: what became of a message.
-- Grain: one row.
-- Parameters: done_at, next_try_at, notice_no, state.
UPDATE journal.alert_notice
SET
    state = %(state)s,
    attempts = attempts + 1,
    next_try_at = %(next_try_at)s,
    done_at = %(done_at)s
WHERE notice_no = %(notice_no)s
