-- Purpose: the words of senders that hold.
-- Grain: one row a sender and word, in their order.
-- Parameters: seller_no (null: all), everybody (the number that stands for all senders).
SELECT
    CASE alias.seller_no
        WHEN %(everybody)s THEN 'tous'
        WHEN 0 THEN 'platform'
        ELSE coalesce(seller.seller_id, alias.seller_no::text)
    END AS sender,
    alias.word,
    alias.category_id,
    category.path_fr
FROM quality.category_alias AS alias
INNER JOIN dwh.dim_category AS category
    ON category.category_id = alias.category_id
LEFT JOIN dwh.dim_seller AS seller
    ON seller.seller_no = alias.seller_no
        AND seller.is_current
WHERE alias.removed_at IS NULL
    AND (%(seller_no)s::integer IS NULL OR alias.seller_no = %(seller_no)s)
ORDER BY sender, alias.word
