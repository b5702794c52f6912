-- Purpose: rejects of a sender and feed that wait for a correction and whose key is known.
-- Grain: one row a reject of an earlier delivery.
-- Parameters: sender_no, feed, delivery_key, since.
SELECT
    r.delivery_key,
    r.file_no,
    r.line_no,
    r.record_no,
    r.record_key
FROM quality.reject AS r
INNER JOIN staging.delivery AS d
    ON d.delivery_key = r.delivery_key
WHERE r.seller_no = %(sender_no)s
    AND r.state = 'open'
    AND r.delivery_key < %(delivery_key)s
    AND r.record_key IS NOT NULL
    AND r.rejected_at >= %(since)s
    AND d.feed = %(feed)s
