-- Purpose: a place for what is bound anew, for the journal.
-- Grain: one row a member, pair of versions, month and kind of fact.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_moved (
    dimension text,
    seller_no integer,
    natural_key text,
    old_version bigint,
    new_version bigint,
    month date,
    facts bigint
)
