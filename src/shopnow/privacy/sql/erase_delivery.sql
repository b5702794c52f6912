-- Purpose: deliveries that were judged and not loaded yet are taken in anew, without these persons.
-- Grain: one row a delivery.
UPDATE staging.delivery AS d
SET state = 'received'
WHERE d.state IN ('staged', 'checked', 'normalised', 'dimensions loaded', 'facts loaded')
    AND EXISTS (
        SELECT 1
        FROM pg_temp.erased_record AS r
        WHERE r.delivery_key = d.delivery_key
    )
