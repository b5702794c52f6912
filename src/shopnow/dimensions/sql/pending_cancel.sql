-- Purpose: what a delivery says of the future is taken back before it is due (scd.md R13).
-- Grain: one row a statement.
-- Parameters: delivery_key, run_at; {log}.
UPDATE {log}
SET state = 'cancelled'
WHERE delivery_key = %(delivery_key)s
    AND state = 'pending'
    AND effective_at > %(run_at)s
