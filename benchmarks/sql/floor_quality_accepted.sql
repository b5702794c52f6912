-- Purpose: the good rows, typed. Grain: a good row.
CREATE UNLOGGED TABLE accepted AS
SELECT
    r.seller_id,
    r.product_id,
    r.gtin,
    r.title,
    r.brand,
    r.category,
    r.price::numeric(12, 2) AS price,
    r.currency,
    r.stock_qty::integer AS stock_qty,
    r.status,
    r.description,
    r.updated_at::timestamptz AS updated_at,
    r.row_no
FROM stage_dirty AS r
WHERE NOT EXISTS (
        SELECT FROM bad AS b
        WHERE b.row_no = r.row_no
    );
