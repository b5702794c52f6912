-- Purpose: the scores of a seller over the last 28 days.
-- Grain: one row a day on which it sent, newest first.
-- Parameters: seller_no, at, zone.
SELECT
    date_on,
    score_of_day,
    score,
    judged,
    refused,
    records,
    rejected,
    touched
FROM quality.seller_score
WHERE seller_no = %(seller_no)s
    AND date_on > (%(at)s AT TIME ZONE %(zone)s)::date - 28
    AND date_on <= (%(at)s AT TIME ZONE %(zone)s)::date
ORDER BY date_on DESC
