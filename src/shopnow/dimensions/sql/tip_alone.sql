-- Purpose: the keys that changed are those of the short way.
-- Grain: one row a key.
-- Parameters: {key_of_t}.
CREATE TEMPORARY TABLE affected_key ON COMMIT DROP AS
SELECT {key_of_t}
FROM tip AS t
