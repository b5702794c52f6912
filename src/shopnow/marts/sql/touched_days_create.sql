-- Purpose: room for every day of the months that a load touches. Grain: seller and day.

CREATE TEMPORARY TABLE IF NOT EXISTS touched_days (
    seller_no integer,
    date_on date,
    month date,
    ends_at timestamp with time zone
) ON COMMIT DELETE ROWS;
