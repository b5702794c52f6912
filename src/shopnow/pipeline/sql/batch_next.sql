-- Purpose: the number of a new batch.
-- Grain: one row.
-- Parameters: none.
SELECT nextval('journal.batch_no_seq') AS batch_no
