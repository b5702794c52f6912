-- Purpose: a sender's word for a category.
-- Grain: one row.
-- Parameters: seller_no, word, category_id, now, who.
INSERT INTO quality.category_alias (seller_no, word, category_id, added_at, added_by)
VALUES (%(seller_no)s, %(word)s, %(category_id)s, %(now)s, %(who)s)
