-- Purpose: lines of the batch that were not accepted, or are not the last word on their line; asked
-- after the load of the lines, in its transaction.
-- Grain: one row a line.
-- Parameters: none.
SELECT
    ranked.delivery_key,
    ranked.record_no
FROM line_ranked AS ranked
WHERE ranked.place > 1
    OR ranked.stored_hash = ranked.content_hash
    OR NOT coalesce(ranked.is_later, TRUE)
