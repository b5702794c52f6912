-- Purpose: measurements that nobody looks at any more.
-- Grain: one measurement.
-- Parameters: before.
DELETE FROM journal.measurement
WHERE at < %(before)s
