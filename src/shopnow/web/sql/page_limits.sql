-- Purpose: no page keeps the database busy: what takes longer is stopped.
-- Grain: one row.
-- Parameters: none.
SELECT
    set_config('statement_timeout', '5s', TRUE) AS statement,
    set_config('idle_in_transaction_session_timeout', '10s', TRUE) AS idle
