-- Purpose: every day of the months that a load touches, for joins on the day: a join on the month
--   of a day is one that the planner cannot estimate. ends_at is the end of the month.
-- Grain: seller and day.
-- Parameters: zone.

INSERT INTO touched_days (seller_no, date_on, month, ends_at)
SELECT
    touched.seller_no,
    touched.month + day.number AS date_on,
    touched.month,
    (touched.month + interval '1 month') AT TIME ZONE %(zone)s AS ends_at
FROM touched_months AS touched
CROSS JOIN generate_series(0, 30) AS day (number)
WHERE touched.month + day.number < touched.month + interval '1 month';
