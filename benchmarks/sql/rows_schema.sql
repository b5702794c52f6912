-- Purpose: an empty place for copies of tables.
-- Parameters: none.
CREATE SCHEMA IF NOT EXISTS rows_alone
