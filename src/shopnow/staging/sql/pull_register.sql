-- Purpose: a source that is fetched has its row, which a pull can lock.
-- Grain: one row.
-- Parameters: source.
INSERT INTO staging.source_pull (source)
VALUES (%(source)s)
ON CONFLICT (source) DO NOTHING
