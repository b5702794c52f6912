-- Purpose: rows whose place is known are gone to one by one: the planner counts a page for each and
-- would rather read the whole dimension.  For the statements that follow, until `by_any_way`.
-- Parameters: none.
SET LOCAL enable_hashjoin = off
