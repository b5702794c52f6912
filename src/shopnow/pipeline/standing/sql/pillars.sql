-- Purpose: the five pillars at a moment, with their learned bounds.
-- Grain: one row a sender, feed, pillar and subject.
-- Parameters: at, zone, sellers (integer[]; null: all).
SELECT
    seller_no,
    feed,
    date_on,
    pillar,
    subject,
    value,
    expected,
    lowest,
    highest,
    samples,
    state
FROM quality.pillars_at(%(at)s, %(zone)s, %(sellers)s::integer[])
