-- Purpose: one comparison of the catalogue at a time; ends with the transaction.
-- Grain: none.
-- Parameters: none.
LOCK TABLE journal.catalogue_fact IN SHARE ROW EXCLUSIVE MODE
