-- Purpose: one pull of a source at a time; where another is under way this fails at once.
-- Grain: one row.
-- Parameters: source.
SELECT resume_value
FROM staging.source_pull
WHERE source = %(source)s
FOR UPDATE NOWAIT
