-- Purpose: one reader of the log at a time; ends with the transaction.
-- Grain: none.
-- Parameters: none.
LOCK TABLE journal.log_position IN SHARE ROW EXCLUSIVE MODE
