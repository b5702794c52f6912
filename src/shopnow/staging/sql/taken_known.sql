-- Purpose: which of the files found were taken before.
-- Grain: one row a version of a file.
-- Parameters: source, names.
SELECT
    file_name,
    size_bytes,
    version
FROM staging.source_taken
WHERE
    source = %(source)s
    AND file_name = any(%(names)s)
