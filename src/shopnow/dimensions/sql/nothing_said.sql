-- Purpose: nothing is left for the general way.
-- Grain: one row a record.
-- Parameters: {staging}.
CREATE TEMPORARY TABLE general_said ON COMMIT DROP AS
SELECT s.*
FROM {staging} AS s
WITH NO DATA
