-- Pulls: how far each source was fetched, which of its files were taken, which answers went out.

CREATE TABLE staging.source_pull (
    source text NOT NULL,
    resume_value text,
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    next_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    last_error text,
    delivery_key bigint,
    CONSTRAINT source_pull_pkey PRIMARY KEY (source),
    CONSTRAINT source_pull_delivery_fkey
    FOREIGN KEY (delivery_key) REFERENCES staging.delivery (delivery_key),
    -- Failures are counted since the last success.
    CONSTRAINT source_pull_failures_not_negative CHECK (failures >= 0)
);
COMMENT ON TABLE staging.source_pull IS
'Sources that are fetched: one row a source. Its row is locked while it is fetched.';
COMMENT ON COLUMN staging.source_pull.source IS 'Name of the source.';
COMMENT ON COLUMN staging.source_pull.resume_value IS
'From where the next pull goes on, in the words of the other side; it moves in the transaction that receives the delivery.';
COMMENT ON COLUMN staging.source_pull.last_attempt_at IS 'When it was last fetched, with or without success.';
COMMENT ON COLUMN staging.source_pull.last_success_at IS
'When a pull last ended well, also when it brought nothing.';
COMMENT ON COLUMN staging.source_pull.next_at IS
'When it is due again; later and later while it fails.';
COMMENT ON COLUMN staging.source_pull.failures IS 'Pulls that failed since the last success.';
COMMENT ON COLUMN staging.source_pull.last_error IS
'Why the last pull failed, in French; null after a success.';
COMMENT ON COLUMN staging.source_pull.delivery_key IS 'The last delivery that a pull brought.';

CREATE TABLE staging.source_taken (
    source text NOT NULL,
    file_name text NOT NULL,
    size_bytes bigint NOT NULL,
    version text NOT NULL,
    taken_at timestamptz NOT NULL,
    delivery_key bigint,
    CONSTRAINT source_taken_pkey PRIMARY KEY (source, file_name, size_bytes, version),
    CONSTRAINT source_taken_delivery_fkey
    FOREIGN KEY (delivery_key) REFERENCES staging.delivery (delivery_key)
);
COMMENT ON TABLE staging.source_taken IS
'Files of folders, SFTP drops and stores of objects that were taken: one row a version of a file.';
COMMENT ON COLUMN staging.source_taken.source IS 'Name of the source.';
COMMENT ON COLUMN staging.source_taken.file_name IS 'Name of the file where it was found.';
COMMENT ON COLUMN staging.source_taken.size_bytes IS 'Its size there, in bytes.';
COMMENT ON COLUMN staging.source_taken.version IS
'What tells its versions apart: the tag of the store, else the time of its last change.';
COMMENT ON COLUMN staging.source_taken.taken_at IS 'When it was taken.';
COMMENT ON COLUMN staging.source_taken.delivery_key IS
'The delivery it became; null when its bytes had been delivered before.';

CREATE TABLE staging.answer_sent (
    delivery_key bigint NOT NULL,
    channel text NOT NULL,
    about text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    tried_at timestamptz NOT NULL,
    next_at timestamptz,
    last_error text,
    CONSTRAINT answer_sent_pkey PRIMARY KEY (delivery_key, channel, about),
    CONSTRAINT answer_sent_delivery_fkey
    FOREIGN KEY (delivery_key) REFERENCES staging.delivery (delivery_key),
    CONSTRAINT answer_sent_channel_is_known CHECK (channel IN ('email', 'drop')),
    CONSTRAINT answer_sent_about_is_known CHECK (about IN ('held', 'settled')),
    CONSTRAINT answer_sent_state_is_known CHECK (state IN ('sent', 'failed', 'nothing to say'))
);
COMMENT ON TABLE staging.answer_sent IS
'Answers that were sent to their senders: one row a delivery, channel and occasion. Never an address.';
COMMENT ON COLUMN staging.answer_sent.delivery_key IS 'The delivery that is answered.';
COMMENT ON COLUMN staging.answer_sent.channel IS 'email, or drop (a folder, SFTP, a store of objects).';
COMMENT ON COLUMN staging.answer_sent.about IS
'held: while the delivery waits for a person; settled: when it was published or refused.';
COMMENT ON COLUMN staging.answer_sent.state IS
'sent, failed (tried again at next_at), or nothing to say (answers only where there are findings).';
COMMENT ON COLUMN staging.answer_sent.attempts IS 'How often it was tried.';
COMMENT ON COLUMN staging.answer_sent.tried_at IS 'When it was last tried.';
COMMENT ON COLUMN staging.answer_sent.next_at IS 'When a failed one is due again; null when it is settled.';
COMMENT ON COLUMN staging.answer_sent.last_error IS 'Why it failed, in French; null when it did not.';

GRANT SELECT, INSERT, UPDATE, DELETE ON staging.source_pull, staging.source_taken, staging.answer_sent TO shopnow_etl;
GRANT MAINTAIN ON staging.source_pull, staging.source_taken, staging.answer_sent TO shopnow_etl; -- noqa: PRS
