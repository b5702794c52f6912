-- Purpose: a stored click gives way to another content of the same event (the greater hash wins,
-- whatever came first).
-- Grain: one row a click.
-- Parameters: none.
DELETE FROM dwh.fact_clickstream AS stored
USING click_ranked AS ranked
WHERE ranked.place = 1
    AND ranked.content_hash > ranked.stored_hash
    AND stored.seller_no = ranked.seller_no
    AND stored.event_key = ranked.event_key
    AND stored.event_on = ranked.event_on
