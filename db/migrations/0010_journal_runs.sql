-- The journal: what ran, step by step, what was published, and the one row that writers lock.

CREATE TABLE journal.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    status text NOT NULL DEFAULT 'running',
    code_version text NOT NULL,
    CONSTRAINT run_pkey PRIMARY KEY (run_id),
    CONSTRAINT run_status_is_known CHECK (status IN ('running', 'done', 'failed', 'abandoned'))
);

CREATE TABLE journal.step (
    step_no bigint GENERATED ALWAYS AS IDENTITY,
    run_id bigint NOT NULL,
    batch_no bigint,
    delivery_key bigint,
    step smallint NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    status text NOT NULL,
    rows_in bigint,
    rows_out bigint,
    rows_rejected bigint,
    CONSTRAINT step_pkey PRIMARY KEY (step_no),
    CONSTRAINT step_run_fkey FOREIGN KEY (run_id) REFERENCES journal.run (run_id),
    -- The six steps of a run: ingest, quality, normalise, dimensions, facts, publish.
    CONSTRAINT step_is_one_of_six CHECK (step BETWEEN 1 AND 6),
    CONSTRAINT step_status_is_known CHECK (status IN ('START', 'END', 'FAIL', 'ABANDONED'))
);
CREATE INDEX step_run_idx ON journal.step (run_id);
CREATE INDEX step_delivery_idx ON journal.step (delivery_key);

CREATE TABLE journal.event (
    event_no bigint GENERATED ALWAYS AS IDENTITY,
    ts timestamptz NOT NULL,
    source text NOT NULL,
    type text NOT NULL,
    level text NOT NULL,
    message text NOT NULL,
    error_code text,
    seller_no integer,
    run_id bigint,
    delivery_key bigint,
    payload jsonb,
    CONSTRAINT event_pkey PRIMARY KEY (event_no),
    CONSTRAINT event_type_is_known
    CHECK (type IN ('technique', 'fonctionnel', 'securite', 'qualite')),
    CONSTRAINT event_level_is_known CHECK (level IN ('INFO', 'WARNING', 'ERROR'))
);
CREATE INDEX event_ts_idx ON journal.event (ts);

CREATE TABLE journal.published (
    feed text NOT NULL,
    seller_no integer NOT NULL,
    batch_no bigint NOT NULL,
    published_at timestamptz NOT NULL,
    CONSTRAINT published_pkey PRIMARY KEY (feed, seller_no)
);

CREATE TABLE journal.stream_offset (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    CONSTRAINT stream_offset_pkey PRIMARY KEY (topic, partition)
);

CREATE TABLE journal.loader_lock (
    lock_no smallint NOT NULL,
    taken_by text,
    CONSTRAINT loader_lock_pkey PRIMARY KEY (lock_no),
    CONSTRAINT loader_lock_has_one_row CHECK (lock_no = 1)
);
INSERT INTO journal.loader_lock (lock_no) VALUES (1);

CREATE SEQUENCE journal.batch_no_seq AS bigint;

CREATE TABLE journal.seal (
    minute_at timestamptz NOT NULL,
    events integer NOT NULL,
    digest bytea NOT NULL,
    previous_digest bytea,
    CONSTRAINT seal_pkey PRIMARY KEY (minute_at)
);

CREATE TABLE journal.measurement (
    indicator text NOT NULL,
    at timestamptz NOT NULL,
    value double precision,
    label text NOT NULL DEFAULT '',
    CONSTRAINT measurement_pkey PRIMARY KEY (indicator, at, label)
);

GRANT USAGE ON SCHEMA journal TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE ON journal.run, journal.step TO shopnow_etl;
GRANT SELECT, INSERT ON journal.event, journal.measurement TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE ON journal.published, journal.stream_offset TO shopnow_etl;
GRANT SELECT, UPDATE ON journal.loader_lock TO shopnow_etl;
GRANT USAGE ON SEQUENCE journal.batch_no_seq TO shopnow_etl;
