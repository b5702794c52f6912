-- What sellers read: eight views with the caller's own rights, so that the row policies of the
-- tables beneath decide which rows there are. They join only tables that have seller_no,
-- dim_category and dim_date, and show no customer_key, customer_no or order_id. fact_order.line_no
-- stays out too: for lines without a number it is a hash of the whole line, order_id included.

CREATE VIEW seller.my_products WITH (security_invoker = TRUE) AS
SELECT
    product.seller_no,
    product.product_id,
    product.title,
    product.description,
    product.brand,
    product.gtin,
    product.source_category,
    product.category_id,
    category.path_fr AS category_path_fr,
    category.path_en AS category_path_en,
    product.status,
    product.is_deleted,
    product.version,
    product.valid_from AS changed_at
FROM dwh.dim_product AS product
LEFT JOIN dwh.dim_category AS category
    ON product.category_id = category.category_id
-- Keys below zero are the reserved members.
WHERE
    product.is_current
    AND product.product_key > 0;
COMMENT ON VIEW seller.my_products IS
'The seller''s catalogue as it stands; grain: one product.';

CREATE VIEW seller.my_offers WITH (security_invoker = TRUE) AS
SELECT
    offer.seller_no,
    offer.product_id,
    product.title,
    offer.observed_at AS valid_from,
    lead(offer.observed_at) OVER (
        PARTITION BY
            offer.seller_no,
            offer.product_id
        ORDER BY offer.observed_at
    ) AS valid_to,
    offer.unit_price,
    offer.currency,
    offer.stock_quantity,
    offer.is_available
FROM dwh.fact_offer AS offer
LEFT JOIN dwh.dim_product AS product
    ON
        offer.seller_no = product.seller_no
        AND offer.product_key = product.product_key;
COMMENT ON VIEW seller.my_offers IS
'Price, stock and availability over time; grain: one version of an offer.';

CREATE VIEW seller.my_orders WITH (security_invoker = TRUE) AS
SELECT
    line.seller_no,
    line.order_ref,
    line.order_on,
    line.ordered_at,
    day.weekday_name_fr,
    day.is_public_holiday,
    product.product_id,
    product.title,
    line.category_id,
    category.path_fr AS category_path_fr,
    line.quantity,
    line.unit_price,
    line.line_amount,
    line.freight_amount,
    line.commission_amount,
    line.currency,
    line.line_status,
    line.is_late,
    line.buyer_ref,
    line.buyer_region
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON
        line.seller_no = product.seller_no
        AND line.product_key = product.product_key
LEFT JOIN dwh.dim_category AS category
    ON line.category_id = category.category_id
LEFT JOIN dwh.dim_date AS day
    ON line.order_on = day.date_on;
COMMENT ON VIEW seller.my_orders IS
'What was ordered from the seller; grain: one order line, returns and cancellations negative.';

CREATE VIEW seller.my_deliveries WITH (security_invoker = TRUE) AS
SELECT
    delivery.sender_no AS seller_no,
    delivery.delivery_key,
    delivery.feed,
    delivery.mode,
    delivery.file_name,
    delivery.received_at,
    delivery.effective_at,
    delivery.state,
    delivery.lines,
    delivery.records,
    delivery.accepted,
    delivery.rejected,
    delivery.duplicate,
    delivery.superseded,
    delivery.held,
    delivery.blank,
    delivery.unreadable,
    delivery.reason
FROM staging.delivery AS delivery;
COMMENT ON VIEW seller.my_deliveries IS
'What the seller sent and what became of it; grain: one delivery.';

CREATE VIEW seller.my_rejects WITH (security_invoker = TRUE) AS
SELECT
    reject.seller_no,
    reject.delivery_key,
    reject.file_no,
    reject.line_no,
    reject.record_no,
    reject.kind,
    reject.rule_codes,
    reject.columns,
    reject.rejected_at,
    reject.state
FROM quality.reject AS reject;
COMMENT ON VIEW seller.my_rejects IS
'Records that were refused, with all reasons; grain: one record. The line itself is in the error '
'report.';

CREATE VIEW seller.my_quality WITH (security_invoker = TRUE) AS
SELECT
    quality.seller_no,
    quality.date_on,
    quality.feed,
    quality.deliveries,
    quality.lines,
    quality.records,
    quality.accepted,
    quality.rejected,
    quality.duplicate,
    quality.unreadable,
    quality.reject_rate_pct,
    quality.refreshed_at
FROM mart.seller_quality AS quality;
COMMENT ON VIEW seller.my_quality IS
'Quality of what the seller sent; grain: one day of receipt in the house zone, one feed.';

CREATE VIEW seller.my_daily_sales WITH (security_invoker = TRUE) AS
SELECT
    sales.seller_no,
    sales.date_on,
    day.weekday_name_fr,
    day.is_public_holiday,
    sales.currency,
    sales.orders,
    sales.lines,
    sales.units,
    sales.returned_units,
    sales.gross_amount,
    sales.returned_amount,
    sales.net_amount,
    sales.freight_amount,
    sales.commission_amount,
    sales.buyers,
    sales.refreshed_at
FROM mart.seller_daily_sales AS sales
LEFT JOIN dwh.dim_date AS day
    ON sales.date_on = day.date_on;
COMMENT ON VIEW seller.my_daily_sales IS
'The seller''s sales; grain: one day in the house zone, one currency.';

CREATE VIEW seller.my_daily_traffic WITH (security_invoker = TRUE) AS
SELECT
    traffic.seller_no,
    traffic.date_on,
    day.weekday_name_fr,
    day.is_public_holiday,
    traffic.views,
    traffic.carts,
    traffic.checkouts,
    traffic.sessions,
    traffic.identified_visitors,
    traffic.refreshed_at
FROM mart.seller_daily_traffic AS traffic
LEFT JOIN dwh.dim_date AS day
    ON traffic.date_on = day.date_on;
COMMENT ON VIEW seller.my_daily_traffic IS
'Visits to what the seller sells; grain: one day in the house zone.';

GRANT USAGE ON SCHEMA seller TO shopnow_etl;
