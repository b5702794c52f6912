-- Purpose: say that rows of a delivery come in a transaction of their own.
-- Grain: one row a delivery.
-- Parameters: delivery_key.
INSERT INTO staging.copied_apart (delivery_key)
VALUES (%(delivery_key)s)
ON CONFLICT DO NOTHING
