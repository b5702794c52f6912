-- An order line whose price nobody ever stored is a line without amount, not a line for free: the
-- former warehouse has such lines throughout. Only a source that says so in its declaration may
-- lack the price (`may_lack`); for every other one its absence stays a reject.

ALTER TABLE staging.item_row ALTER COLUMN unit_price DROP NOT NULL;
ALTER TABLE dwh.fact_order ALTER COLUMN unit_price DROP NOT NULL;
ALTER TABLE dwh.fact_order ALTER COLUMN line_amount DROP NOT NULL;
-- No amount without a price, and none missing beside one.
ALTER TABLE dwh.fact_order ADD CONSTRAINT fact_order_amount_follows_price
CHECK ((unit_price IS NULL) = (line_amount IS NULL));

COMMENT ON COLUMN dwh.fact_order.unit_price IS
'Price of one piece, in the currency of the row; null where the former warehouse never stored one.';
COMMENT ON COLUMN dwh.fact_order.line_amount IS
'Quantity times unit price, in the currency of the row; negative for returns, null without price.';
