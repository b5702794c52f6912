-- Purpose: the checks of dwh.fact_order (db/migrations/0060) on the floor's facts.
ALTER TABLE fact_order
ADD CONSTRAINT fact_order_quantity_is_not_zero CHECK (quantity <> 0),
ADD CONSTRAINT fact_order_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$');
