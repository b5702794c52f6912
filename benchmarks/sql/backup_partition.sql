-- Purpose: the quarter that the lines of the benchmark stand in.
CREATE TABLE IF NOT EXISTS dwh.fact_order_2025q1
PARTITION OF dwh.fact_order FOR VALUES FROM ('2025-01-01') TO ('2025-04-01')
