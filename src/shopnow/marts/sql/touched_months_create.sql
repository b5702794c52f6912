-- Purpose: room for the months of sellers whose lines or clicks a load changes. Grain: seller and
--   month.

CREATE TEMPORARY TABLE IF NOT EXISTS touched_months (
    seller_no integer,
    month date,
    next_month date,
    ends_at timestamp with time zone
) ON COMMIT DELETE ROWS;
