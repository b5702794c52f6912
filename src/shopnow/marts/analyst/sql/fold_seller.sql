-- Purpose: which sellers of a month stand by name. The small ones are folded together; where even
-- together they are too few, the smallest of the others joins them.
-- Grain: one row a month, currency, seller.
-- Parameters: smallest.
CREATE TEMPORARY TABLE fold_seller ON COMMIT DROP AS
WITH cell AS (
    SELECT
        line.month,
        line.currency,
        line.seller_no,
        count(DISTINCT line.customer_no) AS buyers
    FROM fold_line AS line
    INNER JOIN fold_month AS told
        ON line.month = told.month AND line.currency = told.currency
    GROUP BY line.month, line.currency, line.seller_no
),

folded AS (
    SELECT
        line.month,
        line.currency,
        count(DISTINCT line.customer_no) AS buyers
    FROM fold_line AS line
    INNER JOIN cell
        ON line.month = cell.month
            AND line.currency = cell.currency
            AND line.seller_no = cell.seller_no
    WHERE cell.buyers < %(smallest)s
    GROUP BY line.month, line.currency
),

ranked AS (
    SELECT
        cell.month,
        cell.currency,
        cell.seller_no,
        cell.buyers >= %(smallest)s AS is_large,
        row_number() OVER (
            PARTITION BY
                cell.month,
                cell.currency,
                cell.buyers >= %(smallest)s
            ORDER BY cell.buyers, cell.seller_no
        ) AS place
    FROM cell
)

SELECT
    ranked.month,
    ranked.currency,
    ranked.seller_no,
    ranked.is_large
    AND NOT (ranked.place = 1 AND coalesce(folded.buyers, %(smallest)s) < %(smallest)s) AS is_kept
FROM ranked
LEFT JOIN folded
    ON ranked.month = folded.month AND ranked.currency = folded.currency
