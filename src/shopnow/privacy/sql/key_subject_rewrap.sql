-- Purpose: a key wrapped by another master key (SQLite).
-- Grain: one row. Parameters: place, wrapped.
UPDATE subject_key
SET wrapped = :wrapped
WHERE rowid = :place
