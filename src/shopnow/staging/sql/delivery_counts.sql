-- Purpose: the counts of steps 1 to 3.
-- Grain: one row.
-- Parameters: delivery_key, lines, records, rejected, blank, unreadable, keys_distinct.
UPDATE staging.delivery
SET
    state = 'normalised',
    lines = %(lines)s,
    records = %(records)s,
    rejected = %(rejected)s,
    blank = %(blank)s,
    unreadable = %(unreadable)s,
    keys_distinct = %(keys_distinct)s,
    accepted = 0,
    duplicate = 0,
    superseded = 0,
    held = 0
WHERE delivery_key = %(delivery_key)s
