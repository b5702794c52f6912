-- Purpose: room for the days of sellers whose order lines a load changes. Grain: seller and day.

CREATE TEMPORARY TABLE IF NOT EXISTS touched_sales (
    seller_no integer NOT NULL,
    date_on date NOT NULL
) ON COMMIT DELETE ROWS;
