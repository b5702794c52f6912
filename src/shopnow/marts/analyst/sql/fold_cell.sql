-- Purpose: every line with the cells that it is published in, by seller and by product; a null stands
-- for « autres ».
-- Grain: as fold_line.
-- Parameters: none.
CREATE TEMPORARY TABLE fold_cell ON COMMIT DROP AS
SELECT
    line.*,
    CASE WHEN seller.is_kept THEN line.seller_no END AS told_seller,
    CASE WHEN product.is_kept THEN line.product_id END AS told_product
FROM fold_line AS line
INNER JOIN fold_seller AS seller
    ON line.month = seller.month
        AND line.currency = seller.currency
        AND line.seller_no = seller.seller_no
LEFT JOIN fold_product AS product
    ON line.month = product.month
        AND line.currency = product.currency
        AND line.seller_no = product.seller_no
        AND line.product_id = product.product_id
