-- Purpose: schemas that an interrupted restore of a part left. Grain: one schema.
SELECT n.nspname AS name
FROM pg_namespace AS n
WHERE n.nspname LIKE 'restore\_%'
