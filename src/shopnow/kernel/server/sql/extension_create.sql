-- Purpose: install an extension in the connected database.
-- Parameters: {extension} its identifier.
CREATE EXTENSION IF NOT EXISTS {extension};
