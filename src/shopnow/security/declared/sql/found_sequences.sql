-- Purpose: the sequences of the warehouse.
-- Grain: one row a sequence.
-- Parameters: none.
SELECT schemaname || '.' || sequencename AS name
FROM pg_catalog.pg_sequences
