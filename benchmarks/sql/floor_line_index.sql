-- Purpose: the second index of dwh.fact_order; the floor's facts have no seller number, so the
-- product stands for it.
CREATE INDEX fact_order_product_day_idx ON fact_order (product_key, ordered_at);
