-- Purpose: which products of a seller that stands by name stand by theirs, by the same rule.
-- Grain: one row a month, currency, seller, product.
-- Parameters: smallest.
CREATE TEMPORARY TABLE fold_product ON COMMIT DROP AS
WITH buyer AS (
    SELECT DISTINCT
        line.month,
        line.currency,
        line.seller_no,
        line.product_id,
        line.customer_no
    FROM fold_line AS line
    INNER JOIN fold_seller AS seller
        ON line.month = seller.month
            AND line.currency = seller.currency
            AND line.seller_no = seller.seller_no
    WHERE seller.is_kept
),

-- Counted beside each buyer: joined back, the cells would be gone through once a buyer.
counted AS (
    SELECT
        buyer.*,
        count(buyer.customer_no) OVER (
            PARTITION BY
                buyer.month,
                buyer.currency,
                buyer.seller_no,
                buyer.product_id
        ) AS buyers
    FROM buyer
),

cell AS (
    SELECT DISTINCT
        counted.month,
        counted.currency,
        counted.seller_no,
        counted.product_id,
        counted.buyers
    FROM counted
),

-- Once, however many products it is joined to.
folded AS MATERIALIZED (
    SELECT
        counted.month,
        counted.currency,
        counted.seller_no,
        count(DISTINCT counted.customer_no) AS buyers
    FROM counted
    WHERE counted.buyers < %(smallest)s
    GROUP BY counted.month, counted.currency, counted.seller_no
),

ranked AS (
    SELECT
        cell.month,
        cell.currency,
        cell.seller_no,
        cell.product_id,
        cell.buyers >= %(smallest)s AS is_large,
        row_number() OVER (
            PARTITION BY
                cell.month,
                cell.currency,
                cell.seller_no,
                cell.buyers >= %(smallest)s
            ORDER BY cell.buyers, cell.product_id
        ) AS place
    FROM cell
)

SELECT
    ranked.month,
    ranked.currency,
    ranked.seller_no,
    ranked.product_id,
    ranked.is_large
    AND NOT (ranked.place = 1 AND coalesce(folded.buyers, %(smallest)s) < %(smallest)s) AS is_kept
FROM ranked
LEFT JOIN folded
    ON ranked.month = folded.month
        AND ranked.currency = folded.currency
        AND ranked.seller_no = folded.seller_no
