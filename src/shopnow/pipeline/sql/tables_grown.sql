-- Purpose: tables that changed by more than a third since the planner last counted them; the
-- server's own upkeep comes too late for a load that follows another at once.
-- A work list is left out: it is full and empty again within a run, and always read whole.
-- Grain: one row a table.
-- Parameters: none.
SELECT
    stat.schemaname,
    stat.relname
FROM pg_stat_user_tables AS stat
WHERE stat.schemaname IN ('dwh', 'history', 'privacy')
    AND stat.relname <> 'retie_due'
    AND stat.n_mod_since_analyze > 1000
    AND stat.n_mod_since_analyze > 0.35 * stat.n_live_tup
ORDER BY stat.schemaname, stat.relname
