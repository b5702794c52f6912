-- Purpose: the keys of the short way, for who follows what changed.
-- Grain: one row a key.
-- Parameters: {key}, {key_of_t}.
INSERT INTO affected_key ({key})
SELECT {key_of_t}
FROM tip AS t
