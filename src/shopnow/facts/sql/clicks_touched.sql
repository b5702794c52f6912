-- Purpose: days of traffic that the batch touches, for the marts.
-- Grain: one row a seller and day.
-- Parameters: none.
INSERT INTO touched_traffic (seller_no, date_on)
SELECT DISTINCT
    click.seller_no,
    click.event_on
FROM click_ranked AS click
WHERE click.place = 1
    AND (click.stored_hash IS NULL OR click.content_hash > click.stored_hash)
