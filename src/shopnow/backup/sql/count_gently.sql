-- Purpose: one process counts, so that a load beside it keeps the other cores.
SET LOCAL max_parallel_workers_per_gather = 0
