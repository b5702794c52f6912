-- The loader keeps the planner's statistics: without MAINTAIN its ANALYZE is skipped with a mere
-- warning, and the planner takes a batch of a million rows for an empty table.
GRANT MAINTAIN ON ALL TABLES IN SCHEMA staging, dwh, history, mart, privacy, quality TO shopnow_etl;
