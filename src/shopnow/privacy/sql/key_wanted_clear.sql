-- Purpose: forget the subjects of the call before (SQLite).
-- Grain: none.
DELETE FROM wanted
