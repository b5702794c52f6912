-- Purpose: the migrations that this database has had.
-- Grain: one row a migration, in number order.
-- Parameters: none.
SELECT
    number,
    name,
    sha256
FROM journal.migration
ORDER BY number;
