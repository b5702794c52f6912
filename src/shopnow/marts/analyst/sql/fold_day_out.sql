-- Purpose: a day no longer stands by itself; without a day, none of the month does.
-- Grain: none.
-- Parameters: month, currency, date_on (null: all of the month).
UPDATE fold_day
SET is_kept = FALSE
WHERE
    month = %(month)s
    AND currency = %(currency)s
    AND (%(date_on)s::date IS NULL OR date_on = %(date_on)s)
