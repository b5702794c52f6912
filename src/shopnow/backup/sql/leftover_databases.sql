-- Purpose: databases that an interrupted restore of a part left. Grain: one database.
SELECT d.datname AS name
FROM pg_database AS d
WHERE d.datname LIKE 'restore\_%'
