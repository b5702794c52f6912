-- Purpose: sellers' trade names: public, whoever else is called so.
-- Grain: one row a name.
SELECT DISTINCT d.seller_name
FROM dwh.dim_seller AS d
WHERE d.seller_name IS NOT NULL
