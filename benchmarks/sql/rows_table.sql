-- Purpose: an empty copy of a table, with its checks and without its indexes.
-- Parameters: {copy}, {table}.
CREATE TABLE {copy} (
    LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING GENERATED
    INCLUDING IDENTITY
)
