-- Purpose: the members whose versions are computed anew.
-- Grain: one row a member.
-- Parameters: none; {key}.
CREATE TEMPORARY TABLE affected_key ON COMMIT DROP AS
SELECT {key}
FROM archived
