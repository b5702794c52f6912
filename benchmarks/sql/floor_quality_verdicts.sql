-- Purpose: the first rule that each row breaks. Grain: a row of the file.
CREATE UNLOGGED TABLE verdict AS
WITH repeated AS (
    SELECT
        seller_id,
        product_id,
        min(row_no) AS first_row_no
    FROM stage_dirty
    GROUP BY
        seller_id,
        product_id
    HAVING count(*) > 1
)

SELECT
    r.row_no,
    CASE
        WHEN
            r.seller_id IS NULL OR r.product_id IS NULL OR r.title IS NULL
            OR r.gtin IS NULL OR r.price IS NULL
            THEN 'missing'
        WHEN
            CASE
                WHEN r.gtin ~ '^[0-9]{13}$'
                    THEN (
                        SELECT
                            (
                                3 * (
                                    g.n / 10 % 10 + g.n / 1000 % 10 + g.n / 100000 % 10
                                    + g.n / 10000000 % 10 + g.n / 1000000000 % 10
                                    + g.n / 100000000000 % 10
                                )
                                + g.n / 100 % 10 + g.n / 10000 % 10 + g.n / 1000000 % 10
                                + g.n / 100000000 % 10 + g.n / 10000000000 % 10
                                + g.n / 1000000000000 % 10
                            ) % 10 <> (10 - g.n % 10) % 10
                        FROM (SELECT r.gtin::bigint AS n) AS g
                    )
                ELSE TRUE
            END
            THEN 'gtin'
        WHEN c.category IS NULL THEN 'category'
        WHEN r.price !~ '^-?[0-9]+(\.[0-9]+)?$' THEN 'number'
        WHEN r.price LIKE '-%' THEN 'negative'
        WHEN d.first_row_no < r.row_no THEN 'repeated'
    END AS rule
FROM stage_dirty AS r
LEFT JOIN stage_category AS c ON r.category = c.category
LEFT JOIN repeated AS d
    ON
        r.seller_id = d.seller_id
        AND r.product_id = d.product_id;
