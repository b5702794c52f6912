-- Purpose: empty staging tables; their rows are in the warehouse or rejected, and in the sealed file.
-- Grain: none.
-- Parameters: {tables}.
TRUNCATE {tables}
