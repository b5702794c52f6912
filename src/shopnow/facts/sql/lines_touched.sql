-- Purpose: sellers and days that gain or lose a line, for the marts.
-- Grain: one row a seller and day.
-- Parameters: none.
INSERT INTO touched_sales (seller_no, date_on)
SELECT
    line.seller_no,
    line.order_on
FROM line_written AS line
UNION
SELECT
    line.seller_no,
    line.stored_on
FROM line_write AS line
WHERE line.stored_on IS NOT NULL
