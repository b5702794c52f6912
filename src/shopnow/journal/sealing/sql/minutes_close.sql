-- Purpose: close the minutes before a time; seen at once by whoever writes an event, also when this
-- transaction fails. Never opens one again.
-- Grain: one row.
-- Parameters: sealed_until.
SELECT
    setval(
        'journal.sealed_until_seq',
        greatest(
            sealed.last_value,
            (extract(EPOCH FROM %(sealed_until)s::timestamptz) / 60)::bigint
        )
    ) AS minutes
FROM journal.sealed_until_seq AS sealed
