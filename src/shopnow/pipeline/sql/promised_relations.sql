-- Purpose: what readers are promised: marts, views of sellers, of the former warehouse.
-- Grain: one relation.
SELECT c.oid::regclass::text AS name
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
WHERE
    n.nspname IN ('mart', 'seller', 'legacy', 'dwh')
    AND c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT c.relispartition
ORDER BY 1
