-- Purpose: what the planner must know for the comparison.
ANALYZE stage_product, stage_line;
