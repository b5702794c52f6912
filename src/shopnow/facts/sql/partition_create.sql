-- Purpose: one partition of a fact.
-- Grain: none.
-- Parameters: {partition}, {parent}, {first}, {next}.
CREATE TABLE IF NOT EXISTS {partition}
PARTITION OF {parent}
FOR VALUES FROM ({first}) TO ({next})
