-- Purpose: the versions of the keys that are folded, as they stand. A table, counted: taken for a few
-- rows, as the planner takes the join, they would be compared each with each.
-- Grain: one row a version.
-- Parameters: {dim}, {same_affected_d}.
CREATE TEMPORARY TABLE existing ON COMMIT DROP AS
SELECT d.*
FROM {dim} AS d
INNER JOIN affected_key AS a
    ON {same_affected_d}
