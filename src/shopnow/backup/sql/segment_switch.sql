-- Purpose: end the WAL segment being written, so that it is archived; its name. Grain: one row.
-- Something is written first: an empty segment would not be ended, and never be archived.
WITH noted AS MATERIALIZED (
    SELECT pg_logical_emit_message(FALSE, 'shopnow', 'end of segment') AS lsn
)

SELECT pg_walfile_name(pg_switch_wal()) AS name
FROM noted
