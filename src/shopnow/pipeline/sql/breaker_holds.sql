-- Purpose: an open circuit breaker held a delivery.
-- Grain: one row.
-- Parameters: breaker_no, delivery_key, held_at.
INSERT INTO quality.breaker_hold (breaker_no, delivery_key, held_at)
VALUES (%(breaker_no)s, %(delivery_key)s, %(held_at)s)
ON CONFLICT DO NOTHING
