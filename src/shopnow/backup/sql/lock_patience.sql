-- Purpose: how long this transaction waits for a lock; takes no snapshot (SELECT would).
SET LOCAL lock_timeout = '3s'
