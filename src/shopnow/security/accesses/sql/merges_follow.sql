-- Purpose: the roles of a seller see those merged into it.
-- Grain: one row: how many rows of the map changed.
-- Parameters: none.
SELECT security.follow_merges() AS changed
