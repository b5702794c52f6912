-- Purpose: the last seal such that it and all before it are of minutes before a time.
-- Grain: one row; null without any.
-- Parameters: before.
SELECT
    (
        SELECT max(older.seal_no)
        FROM journal.seal AS older
        WHERE older.seal_no < coalesce(min(young.seal_no), 9223372036854775807)
    ) AS seal_no
FROM journal.seal AS young
WHERE young.minute_at >= %(before)s
