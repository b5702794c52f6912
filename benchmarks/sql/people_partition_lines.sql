-- Purpose: the partition that the bench's order lines go to.
CREATE TABLE dwh.fact_order_bench PARTITION OF dwh.fact_order
FOR VALUES FROM ('2026-01-01') TO ('2026-04-01')
