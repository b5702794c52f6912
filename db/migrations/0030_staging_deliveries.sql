-- Staging: what was received, and its records after steps 1 to 3 (ADR 0003: canonical, typed).

CREATE TABLE staging.delivery (
    delivery_key bigint GENERATED ALWAYS AS IDENTITY,
    sender_no integer NOT NULL,
    source text NOT NULL,
    feed text NOT NULL,
    mode text NOT NULL,
    sha256 bytea NOT NULL,
    effective_at timestamptz NOT NULL,
    effective_is_declared boolean NOT NULL,
    received_at timestamptz NOT NULL,
    state text NOT NULL,
    contract_version text NOT NULL,
    batch_no bigint,
    keys_distinct boolean,
    file_name text,
    topic text,
    partition integer,
    first_offset bigint,
    last_offset bigint,
    lines bigint,
    records bigint,
    accepted bigint,
    rejected bigint,
    duplicate bigint,
    superseded bigint,
    held bigint,
    blank bigint,
    unreadable bigint,
    reason text,
    CONSTRAINT delivery_pkey PRIMARY KEY (delivery_key),
    CONSTRAINT delivery_identity_key UNIQUE NULLS NOT DISTINCT
    (sender_no, source, feed, sha256, effective_at, topic, partition, first_offset, last_offset),
    CONSTRAINT delivery_feed_is_known CHECK (
        feed IN ('sellers', 'products', 'offers', 'customers', 'orders', 'clickstream')
    ),
    CONSTRAINT delivery_mode_is_known CHECK (mode IN ('full', 'delta')),
    CONSTRAINT delivery_state_is_known CHECK (
        state IN (
            'received', 'staged', 'checked', 'normalised', 'dimensions loaded', 'facts loaded',
            'published', 'refused', 'held', 'failed'
        )
    ),
    -- Conservation: once published, each record has exactly one outcome.
    CONSTRAINT delivery_records_are_conserved CHECK (
        state <> 'published'
        OR records = accepted + rejected + duplicate + superseded + held
    )
);
CREATE INDEX delivery_state_idx ON staging.delivery (state)
WHERE state NOT IN ('published', 'refused');
CREATE INDEX delivery_sender_feed_idx ON staging.delivery (sender_no, feed, delivery_key);

CREATE TABLE staging.delivery_file (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    part text NOT NULL,
    file_name text NOT NULL,
    sha256 bytea NOT NULL,
    size_bytes bigint NOT NULL,
    landing_ref text NOT NULL,
    landing_path text NOT NULL,
    first_record_no integer,
    records integer,
    CONSTRAINT delivery_file_pkey PRIMARY KEY (delivery_key, file_no),
    CONSTRAINT delivery_file_delivery_fkey
    FOREIGN KEY (delivery_key) REFERENCES staging.delivery (delivery_key)
);

CREATE TABLE staging.source_reference (
    source text NOT NULL,
    kind text NOT NULL,
    ref text NOT NULL,
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    CONSTRAINT source_reference_pkey PRIMARY KEY (source, kind, ref)
);

-- One table of records a kind. `present` is a bit set over the contract's attributes: a bit that
-- is not set means the record said nothing about the attribute (rule R4), a null value with its
-- bit set means "now unknown".
CREATE UNLOGGED TABLE staging.seller_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    seller_no integer NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    present integer NOT NULL,
    is_embedded boolean NOT NULL,
    seller_id text,
    seller_name text,
    legal_id text,
    country text,
    region text,
    city text,
    status text,
    commission_pct numeric(7, 4),
    category text
);

CREATE UNLOGGED TABLE staging.product_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    present integer NOT NULL,
    is_embedded boolean NOT NULL,
    title text,
    description text,
    brand text,
    gtin text,
    source_category text,
    category_id text,
    status text
);

CREATE UNLOGGED TABLE staging.offer_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    seller_no integer,
    product_id text,
    source text NOT NULL,
    source_ref text,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    present integer NOT NULL,
    unit_price numeric(18, 6),
    currency text,
    stock_quantity bigint,
    is_available boolean
);

CREATE UNLOGGED TABLE staging.customer_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    customer_no bigint NOT NULL,
    customer_id text NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    present integer NOT NULL,
    is_embedded boolean NOT NULL,
    country text,
    region text,
    city text,
    postal_area text,
    segment text
);

CREATE UNLOGGED TABLE staging.order_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    order_id text NOT NULL,
    said_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    present integer NOT NULL,
    source text NOT NULL,
    customer_no bigint,
    status text,
    purchased_at timestamptz,
    approved_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    promised_at timestamptz,
    cancelled_at timestamptz,
    declared_total numeric(18, 4),
    currency text,
    buyer_region text
);

CREATE UNLOGGED TABLE staging.item_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    seller_no integer NOT NULL,
    order_id text NOT NULL,
    order_line_no bigint NOT NULL,
    said_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    product_id text NOT NULL,
    customer_no bigint,
    ordered_at timestamptz,
    quantity integer NOT NULL,
    unit_price numeric(18, 6) NOT NULL,
    freight_amount numeric(18, 4),
    commission_amount numeric(18, 4),
    currency text NOT NULL,
    line_status text,
    promised_at timestamptz,
    delivered_at timestamptz,
    order_ref text NOT NULL,
    buyer_ref text,
    buyer_region text
);

CREATE UNLOGGED TABLE staging.payment_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    order_id text NOT NULL,
    payment_no integer NOT NULL,
    said_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    type text,
    amount numeric(18, 4) NOT NULL,
    currency text NOT NULL,
    instalments integer
);

CREATE UNLOGGED TABLE staging.click_row (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    seller_no integer NOT NULL,
    event_key uuid NOT NULL,
    event_at timestamptz NOT NULL,
    event_ref text,
    session_ref text,
    user_ref text,
    customer_no bigint NOT NULL,
    event_type text NOT NULL,
    route text,
    product_id text,
    device_class text,
    country text,
    content_hash bigint NOT NULL
);

-- Pseudonyms of the customers that a batch names, for those of whom nothing else is said.
CREATE UNLOGGED TABLE staging.customer_seen (
    delivery_key bigint NOT NULL,
    customer_no bigint NOT NULL,
    customer_id text NOT NULL
);

-- Orders that lost an item to a reject: they stay incomplete.
CREATE UNLOGGED TABLE staging.rejected_item (
    delivery_key bigint NOT NULL,
    order_id text NOT NULL
);

-- Offers whose source reference leads to no product yet: logged, since they outlive their batch.
CREATE TABLE staging.offer_held (LIKE staging.offer_row);

GRANT USAGE ON SCHEMA staging TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA staging TO shopnow_etl;
