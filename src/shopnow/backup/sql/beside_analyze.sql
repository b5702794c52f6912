-- Purpose: let the planner know how many rows wait beside. Part: table.
ANALYZE {table}
