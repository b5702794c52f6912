-- The loader keeps the planner's statistics: without MAINTAIN its ANALYZE is skipped with a mere
-- warning, and the planner takes a batch of a million rows for an empty table. (The linter does not
-- know this privilege, which came with PostgreSQL 17.)
GRANT MAINTAIN ON ALL TABLES IN SCHEMA staging, dwh, history, mart, privacy, quality TO shopnow_etl; -- noqa: PRS
