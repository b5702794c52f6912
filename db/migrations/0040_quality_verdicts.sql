-- Quality: every rejected record with all its reasons, every cleaning, every rule's result.

CREATE TABLE quality.reject (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    kind text NOT NULL,
    seller_no integer NOT NULL,
    rule_codes text[] NOT NULL,
    columns text[] NOT NULL,
    line_sealed bytea,
    rejected_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open',
    CONSTRAINT reject_pkey PRIMARY KEY (delivery_key, file_no, line_no, record_no),
    CONSTRAINT reject_has_a_reason CHECK (cardinality(rule_codes) > 0),
    CONSTRAINT reject_state_is_known CHECK (state IN ('open', 'replayed', 'closed'))
);
CREATE INDEX reject_seller_idx ON quality.reject (seller_no, rejected_at);

CREATE TABLE quality.cleaning (
    delivery_key bigint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    rule_code text NOT NULL,
    column_name text NOT NULL,
    before text,
    after text
);
CREATE INDEX cleaning_delivery_idx ON quality.cleaning (delivery_key);

CREATE TABLE quality.warning (
    delivery_key bigint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    seller_no integer NOT NULL,
    rule_code text NOT NULL,
    column_name text NOT NULL
);
CREATE INDEX warning_delivery_idx ON quality.warning (delivery_key);

CREATE TABLE quality.rule_result (
    run_id bigint NOT NULL,
    delivery_key bigint NOT NULL,
    rule_code text NOT NULL,
    checked bigint NOT NULL,
    failed bigint NOT NULL,
    CONSTRAINT rule_result_pkey PRIMARY KEY (run_id, delivery_key, rule_code)
);

GRANT USAGE ON SCHEMA quality TO shopnow_etl;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA quality TO shopnow_etl;
GRANT UPDATE (state) ON quality.reject TO shopnow_etl;
