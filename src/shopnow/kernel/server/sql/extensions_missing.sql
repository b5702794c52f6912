-- Purpose: which of the wanted extensions the server offers and the database lacks.
-- Grain: one row an extension.
-- Parameters: %(names)s array of names.
SELECT name
FROM pg_catalog.pg_available_extensions
WHERE
    name = ANY(%(names)s)
    AND installed_version IS NULL;
