-- Purpose: let the planner know what was filled in.
ANALYZE dwh.fact_order, journal.measurement
