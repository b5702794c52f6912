-- Purpose: statistics of the bad rows.
ANALYZE bad;
