-- The quality history: what each run found in each delivery. Nothing in it is changed or taken
-- away: the loader may insert, no more. What a delivery that is judged anew was told before moves
-- aside, by a function, and stays readable there.

-- One number for what a sender sent, 0 to 100 (ADR 0017). Sums of one delivery or of many.
CREATE FUNCTION quality.score(
    deliveries bigint, refused bigint, content bigint, unreadable bigint, records bigint,
    rejected bigint, touched bigint
) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN deliveries = 0 THEN NULL
        WHEN content > 0 AND records > 0 THEN round(
            100.0 * (deliveries - refused) * (content - unreadable)
            * (9 * (records - rejected) + (records - rejected - touched))
            / (10.0 * deliveries * content * records),
            2
        )
        WHEN content > 0 OR refused > 0 THEN 0.00
    END
$$;
COMMENT ON FUNCTION quality.score(bigint, bigint, bigint, bigint, bigint, bigint, bigint) IS
'Score from 0 to 100, formula 1 (ADR 0017): deliveries that could be read, times lines that could, times '
'nine tenths of the records that passed and one tenth of those untouched. Null where nothing was sent.';

CREATE TABLE quality.judgement (
    run_id bigint NOT NULL,
    delivery_key bigint NOT NULL,
    sender_no integer NOT NULL,
    source text NOT NULL,
    feed text NOT NULL,
    received_at timestamptz NOT NULL,
    received_on date NOT NULL,
    judged_at timestamptz NOT NULL,
    contract_version text NOT NULL,
    refused_code text,
    lines bigint NOT NULL,
    blank bigint NOT NULL,
    unreadable bigint NOT NULL,
    records bigint NOT NULL,
    rejected bigint NOT NULL,
    touched bigint NOT NULL,
    drifted bigint NOT NULL,
    formula smallint NOT NULL,
    score numeric(5, 2),
    CONSTRAINT judgement_pkey PRIMARY KEY (run_id, delivery_key),
    -- A record that passed is either as it was sent, or touched.
    CONSTRAINT judgement_records_add_up CHECK (
        rejected BETWEEN 0 AND records AND touched BETWEEN 0 AND records - rejected
    ),
    CONSTRAINT judgement_lines_add_up CHECK (blank + unreadable <= lines)
);
COMMENT ON TABLE quality.judgement IS
'What a run found in a delivery; grain: one run, one delivery. The newest run of a delivery counts.';
COMMENT ON COLUMN quality.judgement.run_id IS 'The run that judged.';
COMMENT ON COLUMN quality.judgement.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.judgement.sender_no IS 'The sender: 0 the platform, else the seller.';
COMMENT ON COLUMN quality.judgement.source IS 'Source through which it came.';
COMMENT ON COLUMN quality.judgement.feed IS 'Feed of the delivery.';
COMMENT ON COLUMN quality.judgement.received_at IS 'When the delivery was received, UTC.';
COMMENT ON COLUMN quality.judgement.received_on IS 'Day of receipt in the house zone.';
COMMENT ON COLUMN quality.judgement.judged_at IS 'When it was judged, UTC.';
COMMENT ON COLUMN quality.judgement.contract_version IS 'Version of the contract it was received under.';
COMMENT ON COLUMN quality.judgement.refused_code IS 'Rule code for which the file as a whole could not be read; null where it was.';
COMMENT ON COLUMN quality.judgement.lines IS 'Logical lines of the files.';
COMMENT ON COLUMN quality.judgement.blank IS 'Lines without content: empty ones and headers.';
COMMENT ON COLUMN quality.judgement.unreadable IS 'Lines that are no records.';
COMMENT ON COLUMN quality.judgement.records IS 'Records.';
COMMENT ON COLUMN quality.judgement.rejected IS 'Records that were rejected.';
COMMENT ON COLUMN quality.judgement.touched IS 'Records that passed, cleaned or with a warning.';
COMMENT ON COLUMN quality.judgement.drifted IS 'Columns that are missing, new or of another nature.';
COMMENT ON COLUMN quality.judgement.formula IS 'Version of the score''s formula: a change is never retroactive.';
COMMENT ON COLUMN quality.judgement.score IS 'Score of this delivery alone, 0 to 100; null where nothing was sent.';
CREATE INDEX judgement_sender_idx ON quality.judgement (sender_no, feed, delivery_key, run_id);
CREATE INDEX judgement_day_idx ON quality.judgement
USING brin (received_on) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX judgement_delivery_idx ON quality.judgement (delivery_key);
CREATE INDEX rule_result_delivery_idx ON quality.rule_result (delivery_key);

CREATE TABLE quality.profile (
    run_id bigint NOT NULL,
    delivery_key bigint NOT NULL,
    kind text NOT NULL,
    attribute text NOT NULL,
    records bigint NOT NULL,
    filled bigint NOT NULL,
    total double precision,
    CONSTRAINT profile_pkey PRIMARY KEY (delivery_key, run_id, kind, attribute),
    CONSTRAINT profile_filled_are_records CHECK (filled BETWEEN 0 AND records)
);
COMMENT ON TABLE quality.profile IS
'How full an attribute was, and how large; grain: one run, one delivery, one attribute of one kind of record. Records that passed only.';
COMMENT ON COLUMN quality.profile.run_id IS 'The run that judged.';
COMMENT ON COLUMN quality.profile.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.profile.kind IS 'Kind of record.';
COMMENT ON COLUMN quality.profile.attribute IS 'Attribute of the contract.';
COMMENT ON COLUMN quality.profile.records IS 'Records that passed and were looked at.';
COMMENT ON COLUMN quality.profile.filled IS 'Of these, those with a value.';
COMMENT ON COLUMN quality.profile.total IS 'Sum of the values of a number that says nothing of a person; null for other attributes.';

CREATE TABLE quality.layout (
    layout_no bigint GENERATED ALWAYS AS IDENTITY,
    source text NOT NULL,
    part text NOT NULL,
    delivery_key bigint NOT NULL,
    run_id bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    columns text [] NOT NULL,
    natures text [] NOT NULL,
    CONSTRAINT layout_pkey PRIMARY KEY (layout_no),
    CONSTRAINT layout_natures_are_of_columns CHECK (cardinality(columns) = cardinality(natures))
);
COMMENT ON TABLE quality.layout IS
'Columns of a source''s files; grain: one change of them. A file is compared with what the deliveries before it showed last.';
COMMENT ON COLUMN quality.layout.layout_no IS 'Number of the change.';
COMMENT ON COLUMN quality.layout.source IS 'The source.';
COMMENT ON COLUMN quality.layout.part IS 'File of the bundle; empty for a source of one file.';
COMMENT ON COLUMN quality.layout.delivery_key IS 'The delivery that showed it first.';
COMMENT ON COLUMN quality.layout.run_id IS 'The run that read it.';
COMMENT ON COLUMN quality.layout.seen_at IS 'When it was read, UTC.';
COMMENT ON COLUMN quality.layout.columns IS 'Names of the columns; one that looks like a value of a person is masked.';
COMMENT ON COLUMN quality.layout.natures IS
'What the values of each column look like: number, time, truth, text; empty where too few were seen or the source does not read it.';
CREATE INDEX layout_source_idx ON quality.layout (source, part, delivery_key);

-- What was said of a delivery before it was judged anew. The lines themselves are not kept twice.
CREATE TABLE quality.reject_superseded (
    run_id bigint,
    superseded_at timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    kind text NOT NULL,
    seller_no integer NOT NULL,
    rule_codes text [] NOT NULL,
    columns text [] NOT NULL,
    rejected_at timestamptz NOT NULL,
    state text NOT NULL
);
COMMENT ON TABLE quality.reject_superseded IS
'Rejects of a delivery that was judged anew since; grain: one record and judgement.';
COMMENT ON COLUMN quality.reject_superseded.run_id IS 'The run that had said it; null where it left no judgement.';
COMMENT ON COLUMN quality.reject_superseded.superseded_at IS 'When the delivery was judged anew, UTC.';
COMMENT ON COLUMN quality.reject_superseded.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.reject_superseded.file_no IS 'File of the delivery.';
COMMENT ON COLUMN quality.reject_superseded.line_no IS 'First physical line of the record.';
COMMENT ON COLUMN quality.reject_superseded.record_no IS 'Number of the record; 0 for a line that is none.';
COMMENT ON COLUMN quality.reject_superseded.kind IS 'Kind of record, or line.';
COMMENT ON COLUMN quality.reject_superseded.seller_no IS 'The sender.';
COMMENT ON COLUMN quality.reject_superseded.rule_codes IS 'All rules that it failed.';
COMMENT ON COLUMN quality.reject_superseded.columns IS 'The attribute of each, empty for the whole record.';
COMMENT ON COLUMN quality.reject_superseded.rejected_at IS 'When it was rejected, UTC.';
COMMENT ON COLUMN quality.reject_superseded.state IS 'State it had then.';
CREATE INDEX reject_superseded_delivery_idx ON quality.reject_superseded (delivery_key);

CREATE TABLE quality.cleaning_superseded (
    run_id bigint,
    superseded_at timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    rule_code text NOT NULL,
    column_name text NOT NULL,
    before text,
    after text
);
COMMENT ON TABLE quality.cleaning_superseded IS
'Cleanings of a delivery that was judged anew since; grain: one value and judgement.';
COMMENT ON COLUMN quality.cleaning_superseded.run_id IS 'The run that had done it; null where it left no judgement.';
COMMENT ON COLUMN quality.cleaning_superseded.superseded_at IS 'When the delivery was judged anew, UTC.';
COMMENT ON COLUMN quality.cleaning_superseded.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.cleaning_superseded.line_no IS 'First physical line of the record.';
COMMENT ON COLUMN quality.cleaning_superseded.record_no IS 'Number of the record.';
COMMENT ON COLUMN quality.cleaning_superseded.rule_code IS 'Rule that cleaned.';
COMMENT ON COLUMN quality.cleaning_superseded.column_name IS 'The attribute.';
COMMENT ON COLUMN quality.cleaning_superseded.before IS 'As delivered; null for a value of a person.';
COMMENT ON COLUMN quality.cleaning_superseded.after IS 'As cleaned; null for a value of a person.';
CREATE INDEX cleaning_superseded_delivery_idx ON quality.cleaning_superseded (delivery_key);

CREATE TABLE quality.warning_superseded (
    run_id bigint,
    superseded_at timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    seller_no integer NOT NULL,
    rule_code text NOT NULL,
    column_name text NOT NULL
);
COMMENT ON TABLE quality.warning_superseded IS
'Warnings about a delivery that was judged anew since; grain: one value and judgement.';
COMMENT ON COLUMN quality.warning_superseded.run_id IS 'The run that had said it; null where it left no judgement.';
COMMENT ON COLUMN quality.warning_superseded.superseded_at IS 'When the delivery was judged anew, UTC.';
COMMENT ON COLUMN quality.warning_superseded.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.warning_superseded.line_no IS 'First physical line of the record; 0 for the whole file.';
COMMENT ON COLUMN quality.warning_superseded.record_no IS 'Number of the record; 0 for the whole file.';
COMMENT ON COLUMN quality.warning_superseded.seller_no IS 'The sender.';
COMMENT ON COLUMN quality.warning_superseded.rule_code IS 'Rule that warned.';
COMMENT ON COLUMN quality.warning_superseded.column_name IS 'The attribute or column.';
CREATE INDEX warning_superseded_delivery_idx ON quality.warning_superseded (delivery_key);

-- The only way in which a verdict leaves its table: aside, and never that of a published delivery.
CREATE FUNCTION quality.judge_anew(delivery bigint, at timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH unpublished AS (
        SELECT
            one.delivery_key,
            (
                SELECT max(judged.run_id)
                FROM quality.judgement AS judged
                WHERE judged.delivery_key = one.delivery_key
            ) AS run_id
        FROM staging.delivery AS one
        WHERE one.delivery_key = judge_anew.delivery
            AND one.state <> 'published'
    ),

    rejects AS (
        DELETE FROM quality.reject AS gone
        USING unpublished
        WHERE gone.delivery_key = unpublished.delivery_key
        RETURNING unpublished.run_id, gone.*
    ),

    cleanings AS (
        DELETE FROM quality.cleaning AS gone
        USING unpublished
        WHERE gone.delivery_key = unpublished.delivery_key
        RETURNING unpublished.run_id, gone.*
    ),

    warnings AS (
        DELETE FROM quality.warning AS gone
        USING unpublished
        WHERE gone.delivery_key = unpublished.delivery_key
        RETURNING unpublished.run_id, gone.*
    ),

    kept_rejects AS (
        INSERT INTO quality.reject_superseded (
            run_id, superseded_at, delivery_key, file_no, line_no, record_no, kind, seller_no,
            rule_codes, columns, rejected_at, state
        )
        SELECT
            r.run_id, judge_anew.at, r.delivery_key, r.file_no, r.line_no, r.record_no, r.kind,
            r.seller_no, r.rule_codes, r.columns, r.rejected_at, r.state
        FROM rejects AS r
    ),

    kept_cleanings AS (
        INSERT INTO quality.cleaning_superseded (
            run_id, superseded_at, delivery_key, line_no, record_no, rule_code, column_name,
            before, after
        )
        SELECT
            c.run_id, judge_anew.at, c.delivery_key, c.line_no, c.record_no, c.rule_code,
            c.column_name, c.before, c.after
        FROM cleanings AS c
    ),

    kept_warnings AS (
        INSERT INTO quality.warning_superseded (
            run_id, superseded_at, delivery_key, line_no, record_no, seller_no, rule_code,
            column_name
        )
        SELECT
            w.run_id, judge_anew.at, w.delivery_key, w.line_no, w.record_no, w.seller_no,
            w.rule_code, w.column_name
        FROM warnings AS w
    )

    SELECT
        (SELECT count(*) FROM rejects)
        + (SELECT count(*) FROM cleanings)
        + (SELECT count(*) FROM warnings)
$$;
COMMENT ON FUNCTION quality.judge_anew(bigint, timestamptz) IS
'Moves aside what was said of a delivery that is not published, before it is judged anew; returns how many rows moved.';
REVOKE ALL ON FUNCTION quality.judge_anew(bigint, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION quality.judge_anew(bigint, timestamptz) TO shopnow_etl;

REVOKE DELETE ON quality.reject, quality.cleaning, quality.warning, quality.rule_result
FROM shopnow_etl;
GRANT EXECUTE ON FUNCTION quality.score(
    bigint, bigint, bigint, bigint, bigint, bigint, bigint
) TO shopnow_etl, shopnow_engineer, shopnow_operator;
GRANT SELECT, INSERT ON quality.judgement, quality.profile, quality.layout TO shopnow_etl;
GRANT SELECT ON quality.reject_superseded, quality.cleaning_superseded TO shopnow_etl;
GRANT SELECT ON quality.warning_superseded TO shopnow_etl;
GRANT MAINTAIN ON quality.judgement, quality.profile, quality.layout TO shopnow_etl; -- noqa: PRS
GRANT USAGE ON SCHEMA quality TO shopnow_engineer, shopnow_operator;
GRANT SELECT ON quality.judgement, quality.profile, quality.layout TO shopnow_engineer;
GRANT SELECT ON quality.judgement, quality.profile, quality.layout TO shopnow_operator;
