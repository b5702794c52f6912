-- Purpose: the outcomes of a delivery's records; a held record that is released moves, others
-- never do.
-- Grain: one row.
-- Parameters: delivery_key, accepted, duplicate, superseded, held, batch_no.
UPDATE staging.delivery
SET
    state = 'published',
    accepted = accepted + %(accepted)s,
    duplicate = duplicate + %(duplicate)s,
    superseded = superseded + %(superseded)s,
    held = held + %(held)s,
    batch_no = coalesce(%(batch_no)s, batch_no)
WHERE delivery_key = %(delivery_key)s
RETURNING records, accepted + rejected + duplicate + superseded + held AS outcomes
