-- Purpose: rows that are nobody's: the calendar, the category tree.
-- Parameters: none.
true -- noqa: PRS
