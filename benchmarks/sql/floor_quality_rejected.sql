-- Purpose: the bad rows with their reason and their words. Grain: a bad row.
CREATE TABLE rejected AS
SELECT
    b.row_no,
    b.rule,
    to_jsonb(r) - 'row_no' AS raw
FROM bad AS b
INNER JOIN stage_dirty AS r ON b.row_no = r.row_no;
