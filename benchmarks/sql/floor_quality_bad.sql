-- Purpose: the rows that break a rule. Grain: such a row.
CREATE UNLOGGED TABLE bad AS
SELECT
    row_no,
    rule
FROM verdict
WHERE rule IS NOT NULL;
