-- Purpose: room for the deliveries of a load. Grain: sender, day of receipt and feed.

CREATE TEMPORARY TABLE IF NOT EXISTS touched_deliveries (
    sender_no integer NOT NULL,
    date_on date NOT NULL,
    feed text NOT NULL
) ON COMMIT DELETE ROWS;
