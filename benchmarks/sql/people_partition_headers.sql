-- Purpose: the partition that the bench's orders go to.
CREATE TABLE dwh.fact_order_header_bench PARTITION OF dwh.fact_order_header
FOR VALUES FROM ('2026-01-01') TO ('2026-04-01')
