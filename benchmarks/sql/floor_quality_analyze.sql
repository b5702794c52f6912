-- Purpose: statistics of the columns that the rules join by.
ANALYZE stage_category, stage_dirty (row_no, category, seller_id, product_id);
