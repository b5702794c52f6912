-- Purpose: deliveries with their counts, newest first.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[] or null), sender, feed, state (text or null), limit.
SELECT
    d.delivery_key,
    CASE
        WHEN d.sender_no = 0 THEN 'platform'
        ELSE coalesce(
                (
                    SELECT max(i.seller_id)
                    FROM security.seller_identifier AS i
                    WHERE i.seller_no = d.sender_no
                ),
                d.sender_no::text
            )
    END AS sender,
    d.sender_no,
    d.source,
    d.feed,
    d.mode,
    d.state,
    d.file_name,
    encode(d.sha256, 'hex') AS sha256,
    d.effective_at,
    d.effective_is_declared,
    d.received_at,
    d.batch_no,
    coalesce(d.lines, 0) AS lines,
    coalesce(d.records, 0) AS records,
    coalesce(d.accepted, 0) AS accepted,
    coalesce(d.rejected, 0) AS rejected,
    coalesce(d.duplicate, 0) AS duplicate,
    coalesce(d.superseded, 0) AS superseded,
    coalesce(d.held, 0) AS held,
    coalesce(d.blank, 0) AS blank,
    coalesce(d.unreadable, 0) AS unreadable,
    d.reason,
    d.replay_of,
    d.corrects
FROM staging.delivery AS d
WHERE (%(deliveries)s::bigint[] IS NULL OR d.delivery_key = any(%(deliveries)s::bigint[]))
    AND (%(feed)s::text IS NULL OR d.feed = %(feed)s)
    AND (%(state)s::text IS NULL OR d.state = %(state)s)
    AND (
        %(sender)s::text IS NULL
        OR (d.sender_no = 0 AND upper(%(sender)s) IN ('PLATFORM', 'SHOPNOW'))
        OR d.sender_no IN (
            SELECT i.seller_no
            FROM security.seller_identifier AS i
            WHERE i.seller_id = %(sender)s
        )
    )
ORDER BY d.delivery_key DESC
LIMIT %(limit)s
