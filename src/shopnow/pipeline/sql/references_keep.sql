-- Purpose: which product another system's key stands for, as its orders say it; a key that is
-- known keeps its product.
-- Grain: one row a key.
-- Parameters: source, refs (text[]), sellers (integer[]), products (text[]).
INSERT INTO staging.source_reference (source, kind, ref, seller_no, product_id)
SELECT
    %(source)s,
    'product',
    said.ref,
    said.seller_no,
    said.product_id
FROM unnest(
        %(refs)s::text[], %(sellers)s::integer[], %(products)s::text[]
    ) AS said (ref, seller_no, product_id)
ON CONFLICT DO NOTHING
