-- Which sellers have their reserved products: found by an index of those who have not, so that a
-- load costs nothing for the sellers that it does not open.

ALTER TABLE security.seller
ADD COLUMN has_reserved_products boolean NOT NULL DEFAULT FALSE;
CREATE INDEX seller_without_products_idx
ON security.seller (seller_no)
WHERE NOT has_reserved_products;
COMMENT ON COLUMN security.seller.has_reserved_products IS
'Les deux produits réservés du vendeur (#unknown, #n/a) existent.';
GRANT UPDATE (has_reserved_products) ON security.seller TO shopnow_etl;
