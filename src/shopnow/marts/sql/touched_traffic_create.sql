-- Purpose: room for the days of sellers whose clicks a load adds. Grain: seller and day.

CREATE TEMPORARY TABLE IF NOT EXISTS touched_traffic (
    seller_no integer NOT NULL,
    date_on date NOT NULL
) ON COMMIT DELETE ROWS;
