-- Purpose: something happened.
-- Grain: one row.
-- Parameters: ts, source, type, level, message, error_code, seller_no, run_id, delivery_key, payload.
INSERT INTO journal.event (
    ts, source, type, level, message, error_code, seller_no, run_id, delivery_key, payload
)
VALUES (
    %(ts)s,
    %(source)s,
    %(type)s,
    %(level)s,
    %(message)s,
    %(error_code)s,
    %(seller_no)s,
    %(run_id)s,
    %(delivery_key)s,
    %(payload)s
)
