-- Purpose: the keyed hashes of the persons whom a batch speaks of.
-- Grain: one row a distinct lookup.
CREATE TEMPORARY TABLE subject_wanted (
    place bigint NOT NULL,
    lookup bytea NOT NULL
) ON COMMIT DROP
