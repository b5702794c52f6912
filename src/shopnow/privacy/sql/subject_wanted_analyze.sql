-- Purpose: let the planner know how many persons are asked for.
ANALYZE pg_temp.subject_wanted
