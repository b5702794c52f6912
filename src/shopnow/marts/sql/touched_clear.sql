-- Purpose: empty one of the temporary tables.
-- Parameters: table.

DELETE FROM {table};
