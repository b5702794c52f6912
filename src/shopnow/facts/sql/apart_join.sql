-- Purpose: the quarters that were made apart become part of their facts, and get their indexes.
-- Grain: none.
-- Parameters: none.
SELECT dwh.join_apart()
