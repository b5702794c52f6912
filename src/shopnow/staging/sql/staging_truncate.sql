-- Purpose: empty all staging rows; they are in the warehouse or rejected, and in the sealed file.
-- Grain: none.
-- Parameters: none.
TRUNCATE
staging.seller_row,
staging.product_row,
staging.offer_row,
staging.customer_row,
staging.order_row,
staging.item_row,
staging.payment_row,
staging.click_row,
staging.rejected_item,
staging.customer_seen
