-- Purpose: a sender's words for categories, after those that hold for everybody.
-- Grain: one row a word and scope; the sender's own come last, so that they count.
-- Parameters: sellers (integer[]), sender_no, taxonomy.
SELECT
    alias.word,
    alias.category_id
FROM quality.category_alias AS alias
INNER JOIN dwh.dim_category AS category
    ON category.category_id = alias.category_id
WHERE alias.seller_no = any(%(sellers)s)
    AND alias.removed_at IS NULL
    AND category.taxonomy = %(taxonomy)s
ORDER BY alias.seller_no = %(sender_no)s, alias.word
