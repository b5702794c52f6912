-- The marts: tables that analysts read, refreshed in the loader's transaction for what it touched.
-- Their statements are marts/<name>.sql; a day is a day in the house zone, an amount is never
-- added to one of another currency.

CREATE TABLE mart.seller_daily_sales (
    seller_no integer NOT NULL,
    date_on date NOT NULL,
    currency text NOT NULL,
    orders bigint NOT NULL,
    lines bigint NOT NULL,
    units bigint NOT NULL,
    returned_units bigint NOT NULL,
    gross_amount numeric(18, 4) NOT NULL,
    returned_amount numeric(18, 4) NOT NULL,
    net_amount numeric(18, 4) NOT NULL,
    freight_amount numeric(18, 4) NOT NULL,
    commission_amount numeric(18, 4) NOT NULL,
    buyers bigint NOT NULL,
    batch_no bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT seller_daily_sales_pkey PRIMARY KEY (seller_no, date_on, currency),
    -- What remains is what was sold less what came back.
    CONSTRAINT seller_daily_sales_net_is_consistent CHECK (
        net_amount = gross_amount - returned_amount
    )
);
COMMENT ON TABLE mart.seller_daily_sales IS
'Sales and returns; grain: one seller, one day in the house zone, one currency.';

CREATE TABLE mart.marketplace_daily (
    date_on date NOT NULL,
    currency text NOT NULL,
    active_sellers bigint NOT NULL,
    orders bigint NOT NULL,
    lines bigint NOT NULL,
    units bigint NOT NULL,
    returned_units bigint NOT NULL,
    gross_amount numeric(18, 4) NOT NULL,
    returned_amount numeric(18, 4) NOT NULL,
    net_amount numeric(18, 4) NOT NULL,
    freight_amount numeric(18, 4) NOT NULL,
    commission_amount numeric(18, 4) NOT NULL,
    buyers bigint NOT NULL,
    batch_no bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT marketplace_daily_pkey PRIMARY KEY (date_on, currency),
    -- What remains is what was sold less what came back.
    CONSTRAINT marketplace_daily_net_is_consistent CHECK (
        net_amount = gross_amount - returned_amount
    )
);
COMMENT ON TABLE mart.marketplace_daily IS
'The whole marketplace; grain: one day in the house zone, one currency.';

CREATE TABLE mart.product_performance (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    month date NOT NULL,
    currency text NOT NULL,
    title text,
    category_id text,
    orders bigint NOT NULL,
    units bigint NOT NULL,
    returned_units bigint NOT NULL,
    net_amount numeric(18, 4) NOT NULL,
    views bigint NOT NULL,
    carts bigint NOT NULL,
    batch_no bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    -- By month first: a refresh takes away the months of the sellers touched.
    CONSTRAINT product_performance_pkey PRIMARY KEY (seller_no, month, product_id, currency)
);
COMMENT ON TABLE mart.product_performance IS
'How products sell; grain: one product of a seller, one month in the house zone, one currency.';

CREATE TABLE mart.seller_quality (
    seller_no integer NOT NULL,
    date_on date NOT NULL,
    feed text NOT NULL,
    deliveries bigint NOT NULL,
    lines bigint NOT NULL,
    records bigint NOT NULL,
    accepted bigint NOT NULL,
    rejected bigint NOT NULL,
    duplicate bigint NOT NULL,
    unreadable bigint NOT NULL,
    reject_rate_pct numeric(7, 4),
    batch_no bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT seller_quality_pkey PRIMARY KEY (seller_no, date_on, feed),
    CONSTRAINT seller_quality_reject_rate_is_a_percentage CHECK (
        reject_rate_pct BETWEEN 0 AND 100
    )
);
COMMENT ON TABLE mart.seller_quality IS
'What became of deliveries; grain: one sender, one day of receipt in the house zone, one feed.';

CREATE TABLE mart.seller_daily_traffic (
    seller_no integer NOT NULL,
    date_on date NOT NULL,
    views bigint NOT NULL,
    carts bigint NOT NULL,
    checkouts bigint NOT NULL,
    sessions bigint NOT NULL,
    identified_visitors bigint NOT NULL,
    batch_no bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT seller_daily_traffic_pkey PRIMARY KEY (seller_no, date_on)
);
COMMENT ON TABLE mart.seller_daily_traffic IS
'Visits to what a seller sells; grain: one seller, one day in the house zone.';

CREATE TABLE mart.stock_daily (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    date_on date NOT NULL,
    stock_quantity bigint,
    unit_price numeric(18, 6),
    currency text,
    is_available boolean,
    batch_no bigint NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT stock_daily_pkey PRIMARY KEY (seller_no, product_id, date_on)
);
COMMENT ON TABLE mart.stock_daily IS
'Offer at the end of the day; grain: one product of a seller, one day in the house zone on which '
'its offer changed. A day without a row is as the last row before it: read mart.stock_on(day).';

-- The whole snapshot of a day out of the days that are stored: rows are written only where an
-- offer changed, so that a delivery of ten offers never costs a million rows.
CREATE FUNCTION mart.stock_on(day date)
RETURNS TABLE (
    seller_no integer,
    product_id text,
    date_on date,
    changed_on date,
    stock_quantity bigint,
    unit_price numeric(18, 6),
    currency text,
    is_available boolean
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (stock.seller_no, stock.product_id)
        stock.seller_no,
        stock.product_id,
        stock_on.day,
        stock.date_on,
        stock.stock_quantity,
        stock.unit_price,
        stock.currency,
        stock.is_available
    FROM mart.stock_daily AS stock
    WHERE stock.date_on <= stock_on.day
    ORDER BY
        stock.seller_no ASC,
        stock.product_id ASC,
        stock.date_on DESC
$$;
COMMENT ON FUNCTION mart.stock_on(date) IS
'Stock, price and availability of every product at the end of a day in the house zone.';

GRANT USAGE ON SCHEMA mart TO shopnow_etl;
GRANT USAGE ON SCHEMA mart TO shopnow_analyst, shopnow_analyst_detail;
GRANT USAGE ON SCHEMA mart TO shopnow_engineer, shopnow_operator;

-- One statement a table: on Citus one may not name distributed and other tables together.
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.seller_daily_sales TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.marketplace_daily TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.product_performance TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.seller_quality TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.seller_daily_traffic TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON mart.stock_daily TO shopnow_etl;
GRANT EXECUTE ON FUNCTION mart.stock_on(date) TO shopnow_etl;

GRANT SELECT ON mart.seller_daily_sales TO shopnow_analyst, shopnow_analyst_detail;
GRANT SELECT ON mart.marketplace_daily TO shopnow_analyst, shopnow_analyst_detail;
GRANT SELECT ON mart.product_performance TO shopnow_analyst, shopnow_analyst_detail;
GRANT SELECT ON mart.seller_quality TO shopnow_analyst, shopnow_analyst_detail;
GRANT SELECT ON mart.seller_daily_traffic TO shopnow_analyst, shopnow_analyst_detail;
GRANT SELECT ON mart.stock_daily TO shopnow_analyst, shopnow_analyst_detail;
GRANT EXECUTE ON FUNCTION mart.stock_on(date) TO shopnow_analyst, shopnow_analyst_detail;

GRANT SELECT ON mart.seller_daily_sales TO shopnow_engineer;
GRANT SELECT ON mart.marketplace_daily TO shopnow_engineer, shopnow_operator;
GRANT SELECT ON mart.product_performance TO shopnow_engineer;
GRANT SELECT ON mart.seller_quality TO shopnow_engineer, shopnow_operator;
GRANT SELECT ON mart.seller_daily_traffic TO shopnow_engineer;
GRANT SELECT ON mart.stock_daily TO shopnow_engineer;
GRANT EXECUTE ON FUNCTION mart.stock_on(date) TO shopnow_engineer;
