-- Erasures: who must not come back, which sealed files still hold lines of theirs, and what each
-- treatment of the retention schedule did. Nothing here leads back to a person without the keys.

CREATE TABLE privacy.suppression (
    digest bytea NOT NULL,
    kind text NOT NULL,
    suppressed_at timestamptz NOT NULL,
    CONSTRAINT suppression_pkey PRIMARY KEY (digest),
    -- Keyed BLAKE2b of 128 bits, under a key of its own.
    CONSTRAINT suppression_digest_is_16_bytes CHECK (octet_length(digest) = 16),
    CONSTRAINT suppression_kind_is_known CHECK (kind IN ('customer', 'seller_contact', 'account'))
);
COMMENT ON TABLE privacy.suppression IS
'Persons who were erased, by a keyed hash: later records of theirs load without them.';
COMMENT ON COLUMN privacy.suppression.digest IS
'Hash of the person''s lookup under a key that serves nothing else.';
COMMENT ON COLUMN privacy.suppression.kind IS 'customer, seller_contact or account.';
COMMENT ON COLUMN privacy.suppression.suppressed_at IS 'Time of the erasure.';

CREATE TABLE privacy.reseal (
    delivery_key bigint NOT NULL,
    lines bigint[] NOT NULL,
    noted_at timestamptz NOT NULL,
    old_ref text,
    old_paths text[],
    CONSTRAINT reseal_pkey PRIMARY KEY (delivery_key),
    CONSTRAINT reseal_has_lines CHECK (cardinality(lines) > 0),
    -- What is to be destroyed is known once the delivery has its new files, not before.
    CONSTRAINT reseal_is_switched_whole CHECK ((old_ref IS NULL) = (old_paths IS NULL))
);
COMMENT ON TABLE privacy.reseal IS
'Deliveries whose sealed files still hold lines of erased persons; empty when all is done.';
COMMENT ON COLUMN privacy.reseal.delivery_key IS 'The delivery, staging.delivery.';
COMMENT ON COLUMN privacy.reseal.lines IS
'First physical lines of the records to take out of its files.';
COMMENT ON COLUMN privacy.reseal.noted_at IS 'Time at which they were noted.';
COMMENT ON COLUMN privacy.reseal.old_ref IS
'Key to destroy once the delivery has new files; null before.';
COMMENT ON COLUMN privacy.reseal.old_paths IS
'Sealed files to remove once the delivery has new ones; null before.';

CREATE TABLE privacy.treatment_run (
    run_no bigint GENERATED ALWAYS AS IDENTITY,
    treatment text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    kept_from timestamptz NOT NULL,
    removed bigint NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT treatment_run_pkey PRIMARY KEY (run_no),
    CONSTRAINT treatment_run_is_not_blank CHECK (btrim(treatment) <> ''),
    CONSTRAINT treatment_run_ends_after_start CHECK (ended_at >= started_at),
    CONSTRAINT treatment_run_removed_is_not_negative CHECK (removed >= 0),
    CONSTRAINT treatment_run_outcome_is_known CHECK (outcome IN ('done', 'failed'))
);
CREATE INDEX treatment_run_treatment_idx ON privacy.treatment_run (treatment, ended_at);
COMMENT ON TABLE privacy.treatment_run IS
'Proof that the retention schedule is applied: one row a treatment and execution.';
COMMENT ON COLUMN privacy.treatment_run.run_no IS 'Number of the execution.';
COMMENT ON COLUMN privacy.treatment_run.treatment IS
'Class of the retention schedule, or compliance treatment.';
COMMENT ON COLUMN privacy.treatment_run.started_at IS 'Start, UTC.';
COMMENT ON COLUMN privacy.treatment_run.ended_at IS 'End, UTC.';
COMMENT ON COLUMN privacy.treatment_run.kept_from IS 'What is older than this was to go, UTC.';
COMMENT ON COLUMN privacy.treatment_run.removed IS 'Rows or files removed or reduced.';
COMMENT ON COLUMN privacy.treatment_run.outcome IS 'done or failed.';

GRANT SELECT, INSERT, UPDATE, DELETE ON privacy.suppression, privacy.reseal TO shopnow_etl;
-- Proofs are added to, never changed.
GRANT SELECT, INSERT ON privacy.treatment_run TO shopnow_etl;
GRANT MAINTAIN ON privacy.suppression, privacy.reseal, privacy.treatment_run TO shopnow_etl; -- noqa: PRS
-- An erasure takes values out of verdicts; which verdict was given, on what, stays.
GRANT UPDATE (line_sealed) ON quality.reject TO shopnow_etl;
GRANT UPDATE (before, after) ON quality.cleaning TO shopnow_etl;
GRANT UPDATE (before, after) ON quality.cleaning_superseded TO shopnow_etl;
GRANT SELECT ON privacy.subject, privacy.suppression, privacy.reseal, privacy.treatment_run,
privacy.request, privacy.processing TO shopnow_dpo;
