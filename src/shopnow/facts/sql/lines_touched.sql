-- Purpose: sellers and days that lose a line, for the marts, each once.
-- Grain: one row a seller and day.
-- Parameters: none.
INSERT INTO touched_sales (seller_no, date_on)
SELECT DISTINCT
    line.seller_no,
    line.stored_on
FROM line_write AS line
WHERE line.stored_on IS NOT NULL
