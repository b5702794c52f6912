-- Purpose: the months whose facts have to follow, the newest first.
-- Grain: one row a month.
-- Parameters: months (date[], those that facts can stand in), before_month, zone.
SELECT possible.month
FROM unnest(%(months)s::date[]) AS possible (month)
WHERE possible.month < %(before_month)s
    AND EXISTS (
        SELECT 1
        FROM retie_range AS due
        WHERE due.changed_to > possible.month::timestamp AT TIME ZONE %(zone)s
            AND due.changed_from
            < (possible.month + interval '1 month')::timestamp AT TIME ZONE %(zone)s
    )
ORDER BY possible.month DESC
