-- Purpose: which products of a seller that stands by name stand by theirs, by the same rule.
-- Grain: one row a month, currency, seller, product.
-- Parameters: smallest.
CREATE TEMPORARY TABLE fold_product ON COMMIT DROP AS
WITH named AS (
    SELECT
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

cell AS (
    SELECT
        named.month,
        named.currency,
        named.seller_no,
        named.product_id,
        count(DISTINCT named.customer_no) AS buyers
    FROM named
    GROUP BY named.month, named.currency, named.seller_no, named.product_id
),

folded AS (
    SELECT
        named.month,
        named.currency,
        named.seller_no,
        count(DISTINCT named.customer_no) AS buyers
    FROM named
    INNER JOIN cell
        ON named.month = cell.month
            AND named.currency = cell.currency
            AND named.seller_no = cell.seller_no
            AND named.product_id = cell.product_id
    WHERE cell.buyers < %(smallest)s
    GROUP BY named.month, named.currency, named.seller_no
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
