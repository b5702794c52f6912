-- Purpose: the counts of steps 1 to 3 of several deliveries.
-- Grain: one row a delivery.
-- Parameters: arrays of one length: deliveries, lines, records, rejected, blank, unreadable,
-- keys_distinct.
UPDATE staging.delivery AS delivery
SET
    state = 'normalised',
    lines = counted.lines,
    records = counted.records,
    rejected = counted.rejected,
    blank = counted.blank,
    unreadable = counted.unreadable,
    keys_distinct = counted.keys_distinct,
    accepted = 0,
    duplicate = 0,
    superseded = 0,
    held = 0
FROM unnest(
        %(deliveries)s::bigint[], %(lines)s::bigint[], %(records)s::bigint[], %(rejected)s::bigint[],
        %(blank)s::bigint[], %(unreadable)s::bigint[], %(keys_distinct)s::boolean[]
    ) AS counted (delivery_key, lines, records, rejected, blank, unreadable, keys_distinct)
WHERE delivery.delivery_key = counted.delivery_key
