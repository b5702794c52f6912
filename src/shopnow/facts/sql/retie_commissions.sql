-- Purpose: lines whose commission would be another at the rate that is known of their time now
-- (scd.md S61): listed, never silently changed. Only commissions that we computed: they are what a
-- rate, once known of this seller, makes of the amount; others are the platform's own word.
-- Grain: one row an order line whose commission comes out otherwise than last known.
-- Parameters: first_on, next_on (days, end excluded), run_at.
INSERT INTO history.commission_adjustment (
    seller_no, order_id, line_no, order_on, commission_before, commission_after, found_at,
    delivery_key, record_no
)
SELECT
    line.seller_no,
    line.order_id,
    line.line_no,
    line.order_on,
    CASE WHEN known.is_adjusted THEN known.commission_after ELSE line.commission_amount END,
    round(line.quantity * line.unit_price * holding.commission_pct / 100, 4),
    %(run_at)s,
    holding.delivery_key,
    holding.record_no
FROM retie_range AS due
INNER JOIN dwh.fact_order AS line
    ON line.seller_no = due.seller_no
        AND line.ordered_at >= due.changed_from
        AND line.ordered_at < due.changed_to
INNER JOIN dwh.dim_seller AS holding
    ON holding.seller_no = line.seller_no
        AND (holding.version = 1 OR holding.valid_from <= line.ordered_at)
        AND line.ordered_at < holding.valid_to
LEFT JOIN
    LATERAL (
        SELECT
            TRUE AS is_adjusted,
            adjustment.commission_after
        FROM history.commission_adjustment AS adjustment
        WHERE adjustment.seller_no = line.seller_no
            AND adjustment.order_id = line.order_id
            AND adjustment.line_no = line.line_no
        ORDER BY adjustment.adjustment_no DESC
        LIMIT 1
    ) AS known
    ON TRUE
WHERE due.dimension = 'seller'
    AND line.order_on >= %(first_on)s
    AND line.order_on < %(next_on)s
    AND round(line.quantity * line.unit_price * holding.commission_pct / 100, 4) IS DISTINCT FROM
    CASE WHEN known.is_adjusted THEN known.commission_after ELSE line.commission_amount END
    AND (
        known.is_adjusted
        OR EXISTS (
            SELECT 1
            FROM retie_rate AS rate
            WHERE rate.seller_no = line.seller_no
                AND round(line.quantity * line.unit_price * rate.commission_pct / 100, 4)
                IS NOT DISTINCT FROM line.commission_amount
        )
    )
