-- History: the change log of each dimension, what was superseded, the full deliveries, marks.

-- The value that an attribute has after a statement: the statement's own where it says something
-- (a bit of `present`), else the one before (scd.md R4).
CREATE FUNCTION history.carry_step(state anyelement, value anyelement, is_present boolean)
RETURNS anyelement
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN is_present THEN value ELSE state END $$;

CREATE AGGREGATE history.carried(anyelement, boolean) (
    SFUNC = history.carry_step,
    STYPE = anyelement,
    PARALLEL = SAFE
);

CREATE TABLE history.seller_change (
    seller_no integer NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    kind text NOT NULL,
    present integer NOT NULL,
    seller_id text,
    seller_name text,
    legal_id text,
    country text,
    region text,
    city text,
    status text,
    commission_pct numeric(7, 4),
    category text,
    state text NOT NULL DEFAULT 'applied',
    known_from timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT seller_change_statement_key UNIQUE NULLS NOT DISTINCT
    (seller_no, effective_at, source_rank, source_sequence, content_hash),
    CONSTRAINT seller_change_kind_is_known CHECK (
        kind IN ('upsert', 'delete', 'confirm', 'silent')
    ),
    CONSTRAINT seller_change_state_is_known CHECK (
        state IN ('applied', 'pending', 'cancelled', 'superseded')
    )
);

CREATE TABLE history.product_change (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    kind text NOT NULL,
    present integer NOT NULL,
    title text,
    description text,
    brand text,
    gtin text,
    source_category text,
    category_id text,
    status text,
    state text NOT NULL DEFAULT 'applied',
    known_from timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT product_change_statement_key UNIQUE NULLS NOT DISTINCT
    (seller_no, product_id, effective_at, source_rank, source_sequence, content_hash),
    CONSTRAINT product_change_kind_is_known CHECK (
        kind IN ('upsert', 'delete', 'confirm', 'silent')
    ),
    CONSTRAINT product_change_state_is_known CHECK (
        state IN ('applied', 'pending', 'cancelled', 'superseded')
    )
);

CREATE TABLE history.customer_change (
    customer_no bigint NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    kind text NOT NULL,
    present integer NOT NULL,
    customer_id text,
    country text,
    region text,
    city text,
    postal_area text,
    segment text,
    state text NOT NULL DEFAULT 'applied',
    known_from timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT customer_change_statement_key UNIQUE NULLS NOT DISTINCT
    (customer_no, effective_at, source_rank, source_sequence, content_hash),
    CONSTRAINT customer_change_kind_is_known CHECK (
        kind IN ('upsert', 'delete', 'confirm', 'silent')
    ),
    CONSTRAINT customer_change_state_is_known CHECK (
        state IN ('applied', 'pending', 'cancelled', 'superseded')
    )
);

CREATE TABLE history.offer_change (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    kind text NOT NULL,
    present integer NOT NULL,
    unit_price numeric(18, 6),
    currency text,
    stock_quantity bigint,
    is_available boolean,
    state text NOT NULL DEFAULT 'applied',
    known_from timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT offer_change_statement_key UNIQUE NULLS NOT DISTINCT
    (seller_no, product_id, effective_at, source_rank, source_sequence, content_hash),
    CONSTRAINT offer_change_kind_is_known CHECK (
        kind IN ('upsert', 'delete', 'confirm', 'silent')
    ),
    CONSTRAINT offer_change_state_is_known CHECK (
        state IN ('applied', 'pending', 'cancelled', 'superseded')
    )
);

CREATE TABLE history.order_change (
    order_id text NOT NULL,
    effective_at timestamptz NOT NULL,
    source_rank smallint NOT NULL,
    source_sequence bigint,
    content_hash bigint NOT NULL,
    kind text NOT NULL,
    present integer NOT NULL,
    source text,
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
    state text NOT NULL DEFAULT 'applied',
    known_from timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL,
    CONSTRAINT order_change_statement_key UNIQUE NULLS NOT DISTINCT
    (order_id, effective_at, source_rank, source_sequence, content_hash),
    CONSTRAINT order_change_kind_is_known CHECK (
        kind IN ('upsert', 'delete', 'confirm', 'silent')
    ),
    CONSTRAINT order_change_state_is_known CHECK (
        state IN ('applied', 'pending', 'cancelled', 'superseded')
    )
);

CREATE TABLE history.seller_superseded (
    seller_no integer NOT NULL,
    seller_key bigint NOT NULL,
    seller_id text,
    seller_name text,
    legal_id text,
    country text,
    region text,
    city text,
    status text,
    commission_pct numeric(7, 4),
    category text,
    previous_category text,
    category_changed_at timestamptz,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    is_deleted boolean NOT NULL,
    is_inferred boolean NOT NULL,
    version integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL,
    reason text NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL
);
CREATE INDEX seller_superseded_key_idx ON history.seller_superseded (seller_no);

CREATE TABLE history.product_superseded (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    product_key bigint NOT NULL,
    title text,
    description text,
    brand text,
    gtin text,
    source_category text,
    category_id text,
    status text,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    is_deleted boolean NOT NULL,
    is_inferred boolean NOT NULL,
    version integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL,
    reason text NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL
);
CREATE INDEX product_superseded_key_idx ON history.product_superseded (seller_no, product_id);

CREATE TABLE history.customer_superseded (
    customer_no bigint NOT NULL,
    customer_key bigint NOT NULL,
    customer_id text,
    country text,
    region text,
    city text,
    postal_area text,
    segment text,
    previous_segment text,
    segment_changed_at timestamptz,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    is_deleted boolean NOT NULL,
    is_inferred boolean NOT NULL,
    version integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL,
    reason text NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    source_line bigint NOT NULL
);
CREATE INDEX customer_superseded_key_idx ON history.customer_superseded (customer_no);

CREATE TABLE history.full_delivery (
    delivery_key bigint NOT NULL,
    sender_no integer NOT NULL,
    feed text NOT NULL,
    source text NOT NULL,
    effective_at timestamptz NOT NULL,
    attributes text[] NOT NULL,
    CONSTRAINT full_delivery_pkey PRIMARY KEY (delivery_key)
);

CREATE TABLE history.commission_adjustment (
    seller_no integer NOT NULL,
    order_id text NOT NULL,
    line_no bigint NOT NULL,
    order_on date NOT NULL,
    commission_before numeric(18, 4),
    commission_after numeric(18, 4),
    found_at timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL
);
CREATE INDEX commission_adjustment_line_idx
ON history.commission_adjustment (seller_no, order_id, line_no);

-- A replaced fact, as it was and as it became.
CREATE TABLE history.fact_change (
    seller_no integer NOT NULL,
    fact text NOT NULL,
    order_id text NOT NULL,
    line_no bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    before jsonb,
    after jsonb,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL
);
CREATE INDEX fact_change_line_idx ON history.fact_change (seller_no, order_id, line_no);

CREATE TABLE history.retie (
    dimension text NOT NULL,
    seller_no integer NOT NULL,
    natural_key text NOT NULL,
    old_version bigint NOT NULL,
    new_version bigint NOT NULL,
    month date NOT NULL,
    facts bigint NOT NULL,
    retied_at timestamptz NOT NULL
);

-- High-water mark of each surrogate key: none is ever given twice (scd.md R11).
CREATE TABLE history.key_mark (
    dimension text NOT NULL,
    marked_at timestamptz NOT NULL,
    highest_key bigint NOT NULL,
    CONSTRAINT key_mark_pkey PRIMARY KEY (dimension)
);

GRANT USAGE ON SCHEMA history TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA history TO shopnow_etl;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA history TO shopnow_etl;
