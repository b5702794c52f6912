-- Purpose: how far the files of the log were read.
-- Grain: one row a file.
-- Parameters: none.
SELECT
    file_name,
    head,
    position,
    read_at
FROM journal.log_position
