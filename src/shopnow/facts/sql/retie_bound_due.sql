-- Purpose: the versions to which facts of the members at hand may be bound: all that stand, all
-- that were superseded, and for clicks the reserved member of products that nobody knew.
-- Grain: one row a version.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_bound AS
WITH member AS (
    SELECT DISTINCT
        due.dimension,
        due.seller_no,
        due.natural_key,
        due.customer_no
    FROM retie_range AS due
)

SELECT
    member.dimension,
    member.seller_no,
    member.natural_key,
    version.seller_key AS surrogate
FROM member
INNER JOIN dwh.dim_seller AS version
    ON version.seller_no = member.seller_no
WHERE member.dimension = 'seller'
UNION
SELECT
    member.dimension,
    member.seller_no,
    member.natural_key,
    believed.seller_key
FROM member
INNER JOIN history.seller_superseded AS believed
    ON believed.seller_no = member.seller_no
WHERE member.dimension = 'seller'
UNION
SELECT
    member.dimension,
    member.seller_no,
    member.natural_key,
    version.product_key
FROM member
INNER JOIN dwh.dim_product AS version
    ON version.seller_no = member.seller_no
        AND version.product_id = member.natural_key
WHERE member.dimension = 'product'
UNION
SELECT
    member.dimension,
    member.seller_no,
    member.natural_key,
    believed.product_key
FROM member
INNER JOIN history.product_superseded AS believed
    ON believed.seller_no = member.seller_no
        AND believed.product_id = member.natural_key
WHERE member.dimension = 'product'
UNION
SELECT
    'click',
    member.seller_no,
    member.natural_key,
    reserved.product_key
FROM member
INNER JOIN dwh.dim_product AS reserved
    ON reserved.seller_no = member.seller_no
        AND reserved.product_id = '#unknown'
WHERE member.dimension = 'product'
UNION
SELECT
    member.dimension,
    member.seller_no,
    member.natural_key,
    version.customer_key
FROM member
INNER JOIN dwh.dim_customer AS version
    ON version.customer_no = member.customer_no
WHERE member.dimension = 'customer'
UNION
SELECT
    member.dimension,
    member.seller_no,
    member.natural_key,
    believed.customer_key
FROM member
INNER JOIN history.customer_superseded AS believed
    ON believed.customer_no = member.customer_no
WHERE member.dimension = 'customer'
