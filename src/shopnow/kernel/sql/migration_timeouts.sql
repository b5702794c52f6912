-- Purpose: give up rather than queue behind a long reader and block all others.
-- Parameters: none.
SET LOCAL lock_timeout = '30s';
