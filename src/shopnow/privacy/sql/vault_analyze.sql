-- Purpose: let the planner know how many statements there are.
ANALYZE pg_temp.vault_said
