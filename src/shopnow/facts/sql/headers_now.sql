-- Purpose: each order's header as it stands now: per column the last statement that said it
-- (scd.md, facts that change); statements of lines count only where no header was ever sent.
-- Grain: one row an order that was known or is stated more than once.
-- Parameters: zone (days are those of the house).
CREATE TEMPORARY TABLE header_now ON COMMIT DROP AS
WITH heard AS (
    SELECT
        change.*,
        max(change.source_rank) OVER (PARTITION BY change.order_id) AS best_rank,
        min(change.effective_at) OVER (PARTITION BY change.order_id) AS first_said_at
    FROM history.order_change AS change
    INNER JOIN order_known AS known
        ON known.order_id = change.order_id
),

carried AS (
    SELECT
        change.order_id,
        change.first_said_at,
        change.best_rank,
        history.carried(change.source, (change.present & 1) <> 0) OVER running AS source,
        history.carried(change.customer_no, (change.present & 2) <> 0) OVER running AS customer_no,
        history.carried(change.status, (change.present & 4) <> 0) OVER running AS status,
        history.carried(change.purchased_at, (change.present & 8) <> 0) OVER running AS purchased_at,
        history.carried(change.approved_at, (change.present & 16) <> 0) OVER running AS approved_at,
        history.carried(change.shipped_at, (change.present & 32) <> 0) OVER running AS shipped_at,
        history.carried(change.delivered_at, (change.present & 64) <> 0) OVER running AS delivered_at,
        history.carried(change.promised_at, (change.present & 128) <> 0) OVER running AS promised_at,
        history.carried(change.cancelled_at, (change.present & 256) <> 0) OVER running AS cancelled_at,
        history.carried(change.declared_total, (change.present & 512) <> 0) OVER running AS declared_total,
        history.carried(change.currency, (change.present & 1024) <> 0) OVER running AS currency,
        lead(change.order_id) OVER ordered IS NULL AS is_last,
        change.delivery_key,
        change.record_no,
        change.source_line
    FROM heard AS change
    WHERE change.source_rank > 0
        OR change.best_rank = 0
    WINDOW
        ordered AS (
            PARTITION BY change.order_id
            ORDER BY
                change.effective_at,
                change.source_rank,
                change.source_sequence NULLS FIRST,
                change.content_hash
        ),
        running AS (
            PARTITION BY change.order_id
            ORDER BY
                change.effective_at,
                change.source_rank,
                change.source_sequence NULLS FIRST,
                change.content_hash
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
)

SELECT
    carried.order_id,
    carried.source,
    carried.customer_no,
    carried.status,
    coalesce(carried.purchased_at, carried.first_said_at) AS purchased_at,
    carried.approved_at,
    carried.shipped_at,
    carried.delivered_at,
    carried.promised_at,
    carried.cancelled_at,
    carried.declared_total,
    carried.currency,
    (coalesce(carried.purchased_at, carried.first_said_at) AT TIME ZONE %(zone)s)::date AS order_on,
    carried.best_rank = 0 AS is_implied,
    carried.best_rank > 0 AND carried.purchased_at IS NOT NULL AS is_dated,
    carried.delivery_key,
    carried.record_no,
    carried.source_line
FROM carried
WHERE carried.is_last
