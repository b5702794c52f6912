-- Purpose: the loader may take statistics of a partition; this is no right to read it. (The linter
-- does not know this privilege, which came with PostgreSQL 17.)
-- Grain: none.
-- Parameters: {partition}.
GRANT MAINTAIN ON TABLE {partition} TO shopnow_etl -- noqa: PRS
