-- Purpose: versions of one verdict, for people.
-- Grain: one row a version.
-- Parameters: verdict (text), most.
SELECT
    subject,
    concat_ws(' : ', valid_from::text, changed) AS detail
FROM compared
WHERE verdict = %(verdict)s
ORDER BY subject, valid_from
LIMIT %(most)s
