-- The facts: natural keys, partitions by time, keys of the versions that were true at their time.

CREATE TABLE dwh.fact_order (
    seller_no integer NOT NULL,
    order_id text NOT NULL,
    line_no bigint NOT NULL,
    order_on date NOT NULL,
    seller_key bigint NOT NULL,
    product_key bigint NOT NULL,
    customer_key bigint NOT NULL,
    customer_no bigint NOT NULL,
    category_id text,
    ordered_at timestamptz NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(18, 6) NOT NULL,
    line_amount numeric(18, 4) NOT NULL,
    freight_amount numeric(18, 4),
    commission_amount numeric(18, 4),
    currency text NOT NULL,
    line_status text,
    order_ref text NOT NULL,
    buyer_ref text,
    buyer_region text,
    is_late boolean,
    said_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    said_sequence bigint,
    content_hash bigint NOT NULL,
    batch_no bigint NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT fact_order_pkey PRIMARY KEY (seller_no, order_id, line_no, order_on),
    -- A line moves goods, out or back.
    CONSTRAINT fact_order_quantity_is_not_zero CHECK (quantity <> 0),
    CONSTRAINT fact_order_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT fact_order_seller_fkey FOREIGN KEY (seller_no, seller_key)
    REFERENCES dwh.dim_seller (seller_no, seller_key) NOT ENFORCED,
    CONSTRAINT fact_order_product_fkey FOREIGN KEY (seller_no, product_key)
    REFERENCES dwh.dim_product (seller_no, product_key) NOT ENFORCED,
    CONSTRAINT fact_order_customer_fkey FOREIGN KEY (customer_key)
    REFERENCES dwh.dim_customer (customer_key) NOT ENFORCED
) PARTITION BY RANGE (order_on);
CREATE INDEX fact_order_seller_day_idx ON dwh.fact_order (seller_no, order_on);

CREATE TABLE dwh.fact_order_header (
    order_id text NOT NULL,
    order_on date NOT NULL,
    status text,
    purchased_at timestamptz NOT NULL,
    approved_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    promised_at timestamptz,
    cancelled_at timestamptz,
    customer_key bigint NOT NULL,
    customer_no bigint NOT NULL,
    declared_total numeric(18, 4),
    computed_total numeric(18, 4),
    currency text,
    is_complete boolean NOT NULL,
    seller_nos integer[] NOT NULL,
    source text NOT NULL,
    batch_no bigint NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT fact_order_header_pkey PRIMARY KEY (order_id, order_on),
    CONSTRAINT fact_order_header_customer_fkey FOREIGN KEY (customer_key)
    REFERENCES dwh.dim_customer (customer_key) NOT ENFORCED
) PARTITION BY RANGE (order_on);

CREATE TABLE dwh.fact_payment (
    order_id text NOT NULL,
    payment_no integer NOT NULL,
    order_on date NOT NULL,
    type text,
    amount numeric(18, 4) NOT NULL,
    currency text NOT NULL,
    instalments integer,
    said_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    said_sequence bigint,
    content_hash bigint NOT NULL,
    batch_no bigint NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT fact_payment_pkey PRIMARY KEY (order_id, payment_no, order_on)
) PARTITION BY RANGE (order_on);

CREATE TABLE dwh.fact_offer (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    observed_at timestamptz NOT NULL,
    product_key bigint NOT NULL,
    unit_price numeric(18, 6),
    currency text,
    stock_quantity bigint,
    is_available boolean,
    batch_no bigint NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT fact_offer_pkey PRIMARY KEY (seller_no, product_id, observed_at),
    CONSTRAINT fact_offer_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT fact_offer_product_fkey FOREIGN KEY (seller_no, product_key)
    REFERENCES dwh.dim_product (seller_no, product_key) NOT ENFORCED
) PARTITION BY RANGE (observed_at);

CREATE TABLE dwh.fact_clickstream (
    seller_no integer NOT NULL,
    event_key uuid NOT NULL,
    event_on date NOT NULL,
    event_at timestamptz NOT NULL,
    event_ref text,
    session_ref text,
    user_ref text,
    customer_no bigint NOT NULL,
    event_type text NOT NULL,
    route text,
    product_key bigint NOT NULL,
    product_id text,
    device_class text,
    country text,
    content_hash bigint NOT NULL,
    batch_no bigint NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT fact_clickstream_pkey PRIMARY KEY (seller_no, event_key, event_on),
    CONSTRAINT fact_clickstream_event_type_is_known CHECK (
        event_type IN ('view_page', 'add_to_cart', 'checkout_start')
    ),
    CONSTRAINT fact_clickstream_product_fkey FOREIGN KEY (seller_no, product_key)
    REFERENCES dwh.dim_product (seller_no, product_key) NOT ENFORCED
) PARTITION BY RANGE (event_on);
CREATE INDEX fact_clickstream_seller_day_idx ON dwh.fact_clickstream (seller_no, event_on);

GRANT SELECT, INSERT, UPDATE, DELETE
ON dwh.fact_order, dwh.fact_order_header, dwh.fact_payment, dwh.fact_offer, dwh.fact_clickstream
TO shopnow_etl;
