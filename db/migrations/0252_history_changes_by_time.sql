-- A delivery that repeats order lines asks which orders were changed since the one it repeats.
-- Changes are appended in the order of their time.
CREATE INDEX fact_change_changed_idx ON history.fact_change USING brin (changed_at);

COMMENT ON TABLE staging.delivery_difference IS
'Deliveries that were taken in as what differs from an earlier one: one row a delivery.';
COMMENT ON COLUMN staging.delivery_difference.delivery_key IS
'The delivery: full for products, of any orders.';
COMMENT ON COLUMN staging.delivery_difference.earlier_key IS
'The delivery of the same sender and source that it was compared with.';
COMMENT ON COLUMN staging.delivery_difference.alive IS
'Products or order lines of the earlier delivery that it was compared with.';
