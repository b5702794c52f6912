-- Purpose: give the rest of the transaction its planner back.

SET LOCAL enable_presorted_aggregate TO DEFAULT;
