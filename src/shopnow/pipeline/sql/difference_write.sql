-- Purpose: a full delivery was taken in as what differs from an earlier one.
-- Grain: one row a delivery.
-- Parameters: delivery_key, earlier_key, passed_over, alive, is_timed.
INSERT INTO staging.delivery_difference (delivery_key, earlier_key, passed_over, alive, is_timed)
VALUES (%(delivery_key)s, %(earlier_key)s, %(passed_over)s, %(alive)s, %(is_timed)s)
