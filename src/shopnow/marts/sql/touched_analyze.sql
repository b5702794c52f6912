-- Purpose: tell the planner how much was touched; without it ten rows are planned like a million.
-- Parameters: table, one of the temporary tables.

ANALYZE {table};
