-- Purpose: how the circuit breakers stand.
-- Grain: one row a seller whose breaker ever changed.
-- Parameters: none.
SELECT
    seller_no,
    breaker_no,
    is_open,
    changed_at,
    feed,
    score,
    since_delivery,
    decided_by,
    reason
FROM quality.breaker_now
ORDER BY seller_no
