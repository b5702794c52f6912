-- Purpose: the events of seals that are old enough to go.
-- Grain: one row an event removed, none returned.
-- Parameters: last_seal_no.
DELETE FROM journal.event AS event
USING journal.seal AS seal
WHERE seal.seal_no <= %(last_seal_no)s
    AND event.event_no <@ seal.covered
    AND event.event_no >= lower(seal.covered)
    AND event.event_no < upper(seal.covered)
