-- Purpose: one run at a time; refused at once while another one goes on.
-- Grain: none.
-- Parameters: none.
LOCK TABLE journal.loader_lock IN SHARE UPDATE EXCLUSIVE MODE NOWAIT
