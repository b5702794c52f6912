-- Purpose: how many lines there are, and between which local times.
-- Grain: one row.
SELECT
    count(*) AS rows,
    to_char(min(line.ordered_at) AT TIME ZONE 'Europe/London', 'YYYY-MM-DD HH24:MI:SS')
        AS min_invoice_date,
    to_char(max(line.ordered_at) AT TIME ZONE 'Europe/London', 'YYYY-MM-DD HH24:MI:SS')
        AS max_invoice_date
FROM dwh.fact_order AS line;
