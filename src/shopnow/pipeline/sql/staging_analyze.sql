-- Purpose: the planner knows what the batch holds.
-- Grain: none.
-- Parameters: none.
ANALYZE
staging.seller_row (seller_no),
staging.product_row (delivery_key, seller_no, product_id, effective_at),
staging.offer_row (delivery_key, seller_no, product_id),
staging.customer_row (delivery_key, customer_no),
staging.order_row (delivery_key, order_id),
staging.item_row (delivery_key, seller_no, order_id, product_id, customer_no),
staging.payment_row (delivery_key, order_id),
staging.click_row (delivery_key, seller_no, event_key)
