-- Purpose: which deliveries spoke for the sender, feed and source of each full delivery of the batch.
-- Grain: one row a full delivery and a delivery of its scope.
-- Parameters: none.
CREATE TEMPORARY TABLE full_scope ON COMMIT DROP AS
SELECT
    f.delivery_key,
    f.effective_at,
    said_by.delivery_key AS said_key
FROM full_now AS f
INNER JOIN staging.delivery AS said_by
    ON said_by.sender_no = f.sender_no
        AND said_by.feed = f.feed
        AND said_by.source = f.source
