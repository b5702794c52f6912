-- Purpose: order lines by buyers whom their sellers cannot recognise any more; amounts stay.
-- Grain: one row a line.
UPDATE dwh.fact_order AS f
SET buyer_ref = left(encode(sha256(p.salt || int4send(f.seller_no)), 'hex'), 24)
FROM pg_temp.erased_person AS p
WHERE f.customer_no = p.subject_no
    AND f.buyer_ref IS NOT NULL
