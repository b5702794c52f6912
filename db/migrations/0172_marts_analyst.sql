-- What analysts read of sales and visits (DESIGN 6): groups of fewer than 5 customers are folded into
-- « autres », and « autres » never holds fewer than 5 either, so that no subtraction of one mart from
-- another reveals them. Refreshed once a day in a transaction of its own, not in the loader's.

CREATE TABLE mart.analyst_sales_by_seller (
    month date NOT NULL,
    currency text NOT NULL,
    seller_no integer,
    seller_name text NOT NULL,
    lines bigint NOT NULL,
    units bigint NOT NULL,
    returned_units bigint NOT NULL,
    gross_amount numeric(18, 4) NOT NULL,
    returned_amount numeric(18, 4) NOT NULL,
    net_amount numeric(18, 4) NOT NULL,
    freight_amount numeric(18, 4) NOT NULL,
    commission_amount numeric(18, 4) NOT NULL,
    buyers bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT analyst_sales_by_seller_key UNIQUE NULLS NOT DISTINCT (month, currency, seller_no),
    -- Fewer than 5 people are never a group.
    CONSTRAINT analyst_sales_by_seller_is_no_small_group CHECK (buyers >= 5)
);
COMMENT ON TABLE mart.analyst_sales_by_seller IS
'Sales of a month by seller; grain: one seller, one month in the house zone, one '
'currency. Sellers with fewer than 5 buyers in the month are one row, « autres », without'
' number.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.month IS 'First day of the month in the house zone.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.currency IS 'Currency of the amounts, ISO 4217.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.seller_no IS 'The seller; null: « autres ».';
COMMENT ON COLUMN mart.analyst_sales_by_seller.seller_name IS 'Its name now, or « autres ».';
COMMENT ON COLUMN mart.analyst_sales_by_seller.lines IS 'Order lines, returns included.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.units IS 'Pieces that went out.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.returned_units IS 'Pieces that came back.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.gross_amount IS 'Amount of what went out.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.returned_amount IS 'Amount of what came back.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.net_amount IS 'What went out less what came back.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.freight_amount IS 'Freight charged to the buyers.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.commission_amount IS 'Commission of the house.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.buyers IS 'Distinct buyers, at least 5.';
COMMENT ON COLUMN mart.analyst_sales_by_seller.refreshed_at IS 'When the row was computed, UTC.';

CREATE TABLE mart.analyst_sales_by_product (
    month date NOT NULL,
    currency text NOT NULL,
    seller_no integer,
    product_id text,
    title text NOT NULL,
    lines bigint NOT NULL,
    units bigint NOT NULL,
    returned_units bigint NOT NULL,
    gross_amount numeric(18, 4) NOT NULL,
    returned_amount numeric(18, 4) NOT NULL,
    net_amount numeric(18, 4) NOT NULL,
    freight_amount numeric(18, 4) NOT NULL,
    commission_amount numeric(18, 4) NOT NULL,
    buyers bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT analyst_sales_by_product_key UNIQUE NULLS NOT DISTINCT (month, currency, seller_no, product_id),
    -- Fewer than 5 people are never a group.
    CONSTRAINT analyst_sales_by_product_is_no_small_group CHECK (buyers >= 5)
);
COMMENT ON TABLE mart.analyst_sales_by_product IS
'Sales of a month by product; grain: one product, one month in the house zone, one '
'currency. Products with fewer than 5 buyers in the month are one row a seller, « autres '
'»; those of folded sellers are one row.';
COMMENT ON COLUMN mart.analyst_sales_by_product.month IS
'First day of the month in the house zone.';
COMMENT ON COLUMN mart.analyst_sales_by_product.currency IS 'Currency of the amounts, ISO 4217.';
COMMENT ON COLUMN mart.analyst_sales_by_product.seller_no IS 'The seller; null: « autres ».';
COMMENT ON COLUMN mart.analyst_sales_by_product.product_id IS
'The product in the seller''s words; null: « autres ».';
COMMENT ON COLUMN mart.analyst_sales_by_product.title IS 'Its title now, or « autres ».';
COMMENT ON COLUMN mart.analyst_sales_by_product.lines IS 'Order lines, returns included.';
COMMENT ON COLUMN mart.analyst_sales_by_product.units IS 'Pieces that went out.';
COMMENT ON COLUMN mart.analyst_sales_by_product.returned_units IS 'Pieces that came back.';
COMMENT ON COLUMN mart.analyst_sales_by_product.gross_amount IS 'Amount of what went out.';
COMMENT ON COLUMN mart.analyst_sales_by_product.returned_amount IS 'Amount of what came back.';
COMMENT ON COLUMN mart.analyst_sales_by_product.net_amount IS 'What went out less what came back.';
COMMENT ON COLUMN mart.analyst_sales_by_product.freight_amount IS 'Freight charged to the buyers.';
COMMENT ON COLUMN mart.analyst_sales_by_product.commission_amount IS 'Commission of the house.';
COMMENT ON COLUMN mart.analyst_sales_by_product.buyers IS 'Distinct buyers, at least 5.';
COMMENT ON COLUMN mart.analyst_sales_by_product.refreshed_at IS 'When the row was computed, UTC.';

CREATE TABLE mart.analyst_sales_by_day (
    month date NOT NULL,
    currency text NOT NULL,
    date_on date,
    lines bigint NOT NULL,
    units bigint NOT NULL,
    returned_units bigint NOT NULL,
    gross_amount numeric(18, 4) NOT NULL,
    returned_amount numeric(18, 4) NOT NULL,
    net_amount numeric(18, 4) NOT NULL,
    freight_amount numeric(18, 4) NOT NULL,
    commission_amount numeric(18, 4) NOT NULL,
    buyers bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT analyst_sales_by_day_key UNIQUE NULLS NOT DISTINCT (month, currency, date_on),
    -- Fewer than 5 people are never a group.
    CONSTRAINT analyst_sales_by_day_is_no_small_group CHECK (buyers >= 5)
);
COMMENT ON TABLE mart.analyst_sales_by_day IS
'Sales of the whole marketplace by day; grain: one day in the house zone, one currency. '
'Days with fewer than 5 buyers, and those that a seller or product would give away by '
'subtraction, are one row of their month.';
COMMENT ON COLUMN mart.analyst_sales_by_day.month IS 'First day of the month in the house zone.';
COMMENT ON COLUMN mart.analyst_sales_by_day.currency IS 'Currency of the amounts, ISO 4217.';
COMMENT ON COLUMN mart.analyst_sales_by_day.date_on IS 'The day; null: « autres » of the month.';
COMMENT ON COLUMN mart.analyst_sales_by_day.lines IS 'Order lines, returns included.';
COMMENT ON COLUMN mart.analyst_sales_by_day.units IS 'Pieces that went out.';
COMMENT ON COLUMN mart.analyst_sales_by_day.returned_units IS 'Pieces that came back.';
COMMENT ON COLUMN mart.analyst_sales_by_day.gross_amount IS 'Amount of what went out.';
COMMENT ON COLUMN mart.analyst_sales_by_day.returned_amount IS 'Amount of what came back.';
COMMENT ON COLUMN mart.analyst_sales_by_day.net_amount IS 'What went out less what came back.';
COMMENT ON COLUMN mart.analyst_sales_by_day.freight_amount IS 'Freight charged to the buyers.';
COMMENT ON COLUMN mart.analyst_sales_by_day.commission_amount IS 'Commission of the house.';
COMMENT ON COLUMN mart.analyst_sales_by_day.buyers IS 'Distinct buyers, at least 5.';
COMMENT ON COLUMN mart.analyst_sales_by_day.refreshed_at IS 'When the row was computed, UTC.';

CREATE TABLE mart.analyst_traffic_by_seller (
    month date NOT NULL,
    seller_no integer,
    seller_name text NOT NULL,
    views bigint NOT NULL,
    carts bigint NOT NULL,
    checkouts bigint NOT NULL,
    sessions bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT analyst_traffic_by_seller_key UNIQUE NULLS NOT DISTINCT (month, seller_no),
    -- Fewer than 5 people are never a group.
    CONSTRAINT analyst_traffic_by_seller_is_no_small_group CHECK (sessions >= 5)
);
COMMENT ON TABLE mart.analyst_traffic_by_seller IS
'Visits of a month by seller; grain: one seller, one month in the house zone. Sellers '
'with fewer than 5 sessions are one row, « autres ».';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.month IS
'First day of the month in the house zone.';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.seller_no IS 'The seller; null: « autres ».';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.seller_name IS 'Its name now, or « autres ».';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.views IS 'Pages seen.';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.carts IS 'Times something was put into a cart.';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.checkouts IS 'Times a checkout was begun.';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.sessions IS 'Distinct sessions, at least 5.';
COMMENT ON COLUMN mart.analyst_traffic_by_seller.refreshed_at IS 'When the row was computed, UTC.';

GRANT SELECT, INSERT, UPDATE, DELETE ON mart.analyst_sales_by_seller TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.analyst_sales_by_product TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.analyst_sales_by_day TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.analyst_traffic_by_seller TO shopnow_etl;
