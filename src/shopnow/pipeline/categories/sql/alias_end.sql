-- Purpose: a sender's word holds no longer.
-- Grain: one row, or none.
-- Parameters: seller_no, word, now, who.
UPDATE quality.category_alias
SET
    removed_at = %(now)s,
    removed_by = %(who)s
WHERE seller_no = %(seller_no)s
    AND word = %(word)s
    AND removed_at IS NULL
RETURNING category_id
