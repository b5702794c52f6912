-- Purpose: a circuit breaker opens or closes.
-- Grain: one row.
-- Parameters: seller_no, is_open, changed_at, feed, score, since (null: all received so far),
-- decided_by, reason, run_id.
INSERT INTO quality.breaker (
    seller_no, is_open, changed_at, feed, score, since_delivery, decided_by, reason, run_id
)
SELECT
    %(seller_no)s,
    %(is_open)s,
    %(changed_at)s,
    %(feed)s,
    %(score)s,
    coalesce(
        %(since)s::bigint,
        (
            SELECT max(delivery.delivery_key)
            FROM staging.delivery AS delivery
            WHERE delivery.sender_no = %(seller_no)s
        ),
        0
    ),
    %(decided_by)s,
    %(reason)s,
    %(run_id)s
RETURNING
    seller_no, breaker_no, is_open, changed_at, feed, score, since_delivery, decided_by, reason
