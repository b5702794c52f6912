-- A sentence with the grain for every table that has none yet.

CREATE TEMPORARY TABLE relation_word (
    relation text PRIMARY KEY,
    sentence text NOT NULL
) ON COMMIT DROP;

INSERT INTO relation_word (relation, sentence)
VALUES
('dwh.dim_category', 'Categories as a tree; grain: one category of the taxonomy in force.'),
('dwh.dim_customer', 'Customers, by pseudonym, over time; grain: one version of a customer.'),
('dwh.dim_date', 'Calendar from 2000 to 2050 with French names; grain: one day.'),
('dwh.dim_product', 'Products over time; grain: one version of a product of a seller.'),
('dwh.dim_seller', 'Sellers over time; grain: one version of a seller.'),
('dwh.fact_clickstream', 'Visits; grain: one event. Partitioned by month of event_on.'),
(
    'dwh.fact_offer',
    'Price, stock and availability over time; grain: one version of the offer of a product. '
    'Partitioned by quarter of observed_at.'
),
(
    'dwh.fact_order',
    'What was ordered; grain: one order line, returns and cancellations negative. '
    'Partitioned by quarter of order_on.'
),
(
    'dwh.fact_order_header',
    'Orders as a whole, for staff only; grain: one order. Partitioned by quarter of order_on.'
),
('dwh.fact_payment', 'Payments; grain: one payment of an order. Partitioned by quarter of order_on.'),
(
    'history.commission_adjustment',
    'Commissions that the platform said otherwise after the first load; grain: one correction of '
    'an order line.'
),
('history.customer_change', 'All that was said of customers; grain: one statement.'),
('history.customer_superseded', 'Versions that a late statement replaced; grain: one version.'),
('history.fact_change', 'Replaced facts, before and after; grain: one replacement of a row.'),
('history.full_delivery', 'Deliveries that list everything; grain: one delivery.'),
('history.key_mark', 'The highest surrogate key ever given; grain: one dimension.'),
('history.offer_change', 'All that was said of offers; grain: one statement.'),
('history.order_change', 'All that was said of orders as a whole; grain: one statement.'),
('history.product_change', 'All that was said of products; grain: one statement.'),
('history.product_superseded', 'Versions that a late statement replaced; grain: one version.'),
('history.retie', 'Facts bound to another version; grain: one key, pair of versions and month.'),
('history.seller_change', 'All that was said of sellers; grain: one statement.'),
('history.seller_superseded', 'Versions that a late statement replaced; grain: one version.'),
('journal.event', 'What happened that somebody may ask about; grain: one event, append-only.'),
('journal.loader_lock', 'The row that a loader locks, so that there is one at a time; one row.'),
('journal.measurement', 'Indicators over time; grain: one indicator, time and label.'),
('journal.published', 'What readers may see; grain: one feed of one seller.'),
('journal.run', 'Runs of the loader and of other jobs; grain: one run.'),
('journal.seal', 'Digests that make a change of the journal visible; grain: one closed minute.'),
('journal.step', 'Steps of runs; grain: one step of a batch or of a delivery.'),
('journal.stream_offset', 'How far streams are consumed; grain: one partition of a topic.'),
('quality.cleaning', 'Values that were repaired; grain: one value of a record.'),
('quality.reject', 'Records that were refused, with all reasons; grain: one record.'),
('quality.rule_result', 'How often a rule was checked and failed; grain: rule, delivery and run.'),
('quality.warning', 'Records loaded with a remark; grain: one remark on a value of a record.'),
('security.seller', 'Registry of sellers: numbers are given once; grain: one seller.'),
('security.seller_access', 'Which role reads which seller; grain: one role and seller.'),
('security.seller_bridge', 'Sellers that were merged; grain: one seller and period.'),
(
    'security.seller_identifier',
    'Identifiers that lead to a seller; grain: one identifier of a source and period.'
),
('staging.click_row', 'Click records after steps 1 to 3; grain: one record. Unlogged.'),
('staging.customer_row', 'Customer records after steps 1 to 3; grain: one record. Unlogged.'),
(
    'staging.customer_seen',
    'Customers that a delivery speaks of, with their pseudonyms; grain: one customer of a '
    'delivery. Unlogged.'
),
('staging.delivery', 'Deliveries: what came, from whom, what became of it; grain: one delivery.'),
('staging.delivery_file', 'Files of deliveries, sealed in the landing folder; grain: one file.'),
('staging.item_row', 'Order line records after steps 1 to 3; grain: one record. Unlogged.'),
('staging.offer_held', 'Offers whose source reference leads to no product yet; grain: one record.'),
('staging.offer_row', 'Offer records after steps 1 to 3; grain: one record. Unlogged.'),
('staging.order_row', 'Order records after steps 1 to 3; grain: one record. Unlogged.'),
('staging.payment_row', 'Payment records after steps 1 to 3; grain: one record. Unlogged.'),
('staging.product_row', 'Product records after steps 1 to 3; grain: one record. Unlogged.'),
('staging.rejected_item', 'Orders that lost a line to a reject; grain: one such line. Unlogged.'),
('staging.seller_row', 'Seller records after steps 1 to 3; grain: one record. Unlogged.'),
(
    'staging.source_reference',
    'Which product another system''s own key means; grain: one key of a source.'
);

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT
            relation.oid::regclass AS relation,
            word.sentence
        FROM relation_word AS word
        INNER JOIN pg_class AS relation ON relation.oid = to_regclass(word.relation)
        WHERE obj_description(relation.oid, 'pg_class') IS NULL
    LOOP
        EXECUTE format('COMMENT ON TABLE %s IS %L', wanted.relation, wanted.sentence);
    END LOOP;
END
$$;
