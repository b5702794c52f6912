-- Purpose: the batch's payments against each other and against what stands.
-- Grain: one row a staged payment.
-- Parameters: deliveries (bigint[]), window_days, zone.
CREATE TEMPORARY TABLE payment_ranked ON COMMIT DROP AS
WITH header AS (
    SELECT
        now.order_id,
        now.order_on
    FROM header_now AS now
    UNION ALL
    SELECT
        said.order_id,
        (coalesce(said.purchased_at, said.effective_at) AT TIME ZONE %(zone)s)::date
    FROM header_said AS said
    WHERE NOT EXISTS (
            SELECT 1
            FROM order_known AS known
            WHERE known.order_id = said.order_id
        )
),

placed AS (
    SELECT
        payment.*,
        header.order_on,
        row_number() OVER w AS place,
        first_value(payment.content_hash) OVER w AS winning_hash
    FROM staging.payment_row AS payment
    INNER JOIN header
        ON header.order_id = payment.order_id
    WHERE payment.delivery_key = any(%(deliveries)s)
    WINDOW w AS (
        PARTITION BY payment.order_id, payment.payment_no
        ORDER BY
            payment.said_at DESC,
            payment.source_rank DESC,
            payment.source_sequence DESC NULLS LAST,
            payment.content_hash DESC,
            payment.delivery_key,
            payment.record_no
    )
)

SELECT
    placed.*,
    stored.order_on AS stored_on,
    stored.content_hash AS stored_hash,
    (
        placed.said_at,
        placed.source_rank,
        coalesce(placed.source_sequence, -1),
        placed.content_hash
    ) > (
        stored.said_at,
        stored.source_rank,
        coalesce(stored.said_sequence, -1),
        stored.content_hash
    ) AS is_later
FROM placed
LEFT JOIN dwh.fact_payment AS stored
    ON stored.order_id = placed.order_id
        AND stored.payment_no = placed.payment_no
        AND stored.order_on >= placed.order_on - %(window_days)s::integer
        AND stored.order_on <= placed.order_on + %(window_days)s::integer
