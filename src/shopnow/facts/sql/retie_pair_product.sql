-- Purpose: to which version the facts of a product belong, by the version that they are bound to and
-- their time. Made anew for each month, since another load may come between two of them.
-- Grain: one row a version that facts may be bound to and a version that holds in changed times.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_pair AS
SELECT
    bound.dimension,
    bound.seller_no,
    bound.natural_key,
    bound.surrogate,
    holding.product_key AS holding_key,
    holding.category_id,
    greatest(
        due.changed_from,
        CASE WHEN holding.version = 1 THEN '-infinity' ELSE holding.valid_from END
    ) AS holds_from,
    least(due.changed_to, holding.valid_to) AS holds_to
FROM retie_bound AS bound
INNER JOIN retie_range AS due
    ON due.seller_no = bound.seller_no
        AND due.natural_key = bound.natural_key
INNER JOIN dwh.dim_product AS holding
    ON holding.seller_no = due.seller_no
        AND holding.product_id = due.natural_key
WHERE bound.dimension IN ('product', 'click')
    AND due.dimension = 'product'
    AND holding.valid_to > due.changed_from
    AND (holding.version = 1 OR holding.valid_from < due.changed_to)
