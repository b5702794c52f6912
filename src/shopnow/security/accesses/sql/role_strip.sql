-- Purpose: take from a role every right that it has in this database.
-- Parameters: {role}.
DROP OWNED BY {role}
