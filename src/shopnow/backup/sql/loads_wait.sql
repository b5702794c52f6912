-- Purpose: no load begins, and none is under way, until this transaction ends.
LOCK TABLE journal.loader_lock IN SHARE UPDATE EXCLUSIVE MODE
