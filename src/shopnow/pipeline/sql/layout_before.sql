-- Purpose: the columns that a source's files had before a delivery came.
-- Grain: one row, none for its first.
-- Parameters: source, part, delivery_key.
SELECT
    columns,
    natures
FROM quality.layout
WHERE source = %(source)s
    AND part = %(part)s
    AND delivery_key < %(delivery_key)s
ORDER BY delivery_key DESC, layout_no DESC
LIMIT 1
