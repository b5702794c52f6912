-- Privacy: persons by number, their sealed values, where they are spoken of, the register.
-- Every value of a person in this schema is ciphertext or a keyed hash; the keys are elsewhere.

CREATE TABLE privacy.key_store (
    key_store_no integer NOT NULL,
    fingerprint bytea NOT NULL,
    bound_at timestamptz NOT NULL,
    CONSTRAINT key_store_pkey PRIMARY KEY (key_store_no),
    -- One warehouse has one key store.
    CONSTRAINT key_store_is_the_only_one CHECK (key_store_no = 1),
    -- BLAKE2b of 128 bits.
    CONSTRAINT key_store_fingerprint_is_16_bytes CHECK (octet_length(fingerprint) = 16)
);
COMMENT ON TABLE privacy.key_store IS
'The key store that this warehouse was first loaded with: another one is refused.';
COMMENT ON COLUMN privacy.key_store.key_store_no IS 'Always 1.';
COMMENT ON COLUMN privacy.key_store.fingerprint IS
'Hash of a key of the key store: tells the store, opens nothing.';
COMMENT ON COLUMN privacy.key_store.bound_at IS 'Time of the first load with this key store.';

CREATE TABLE privacy.subject (
    subject_no bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    lookup bytea NOT NULL,
    email_lookup bytea,
    erased_at timestamptz,
    CONSTRAINT subject_pkey PRIMARY KEY (subject_no),
    CONSTRAINT subject_lookup_key UNIQUE (lookup),
    CONSTRAINT subject_kind_is_known CHECK (kind IN ('customer', 'seller_contact', 'account')),
    -- Keyed BLAKE2b of 128 bits: nothing readable fits in by mistake.
    CONSTRAINT subject_lookup_is_16_bytes CHECK (octet_length(lookup) = 16),
    -- The same for the e-mail address.
    CONSTRAINT subject_email_lookup_is_16_bytes CHECK (octet_length(email_lookup) = 16)
    -- The e-mail lookup comes right after the row: with room in the page, and no index on it, it is
    -- written in place. A request by e-mail is rare and may read the table.
) WITH (fillfactor = 50);
CREATE INDEX subject_erased_idx ON privacy.subject (subject_no)
WHERE erased_at IS NOT NULL;
COMMENT ON TABLE privacy.subject IS
'Persons known to the warehouse, by number: customers, contacts of sellers, account holders.';
COMMENT ON COLUMN privacy.subject.subject_no IS
'Durable number of the person, given once; customer_no of a customer.';
COMMENT ON COLUMN privacy.subject.kind IS 'customer, seller_contact or account.';
COMMENT ON COLUMN privacy.subject.lookup IS
'Keyed hash of source system, kind and identifier: how the person is found again.';
COMMENT ON COLUMN privacy.subject.email_lookup IS
'Keyed hash of the e-mail address in the vault: how a request by e-mail finds the person.';
COMMENT ON COLUMN privacy.subject.erased_at IS
'Time of the erasure; from then on nothing is stored about the person.';

CREATE TABLE privacy.vault (
    subject_no bigint NOT NULL,
    attribute text NOT NULL,
    ciphertext bytea NOT NULL,
    nonce bytea NOT NULL,
    value_digest bytea NOT NULL,
    said_at timestamptz NOT NULL,
    delivery_key bigint NOT NULL,
    CONSTRAINT vault_pkey PRIMARY KEY (subject_no, attribute),
    -- The write joins privacy.subject; enforced, it would look up each row a second time.
    CONSTRAINT vault_subject_fkey
    FOREIGN KEY (subject_no) REFERENCES privacy.subject (subject_no) NOT ENFORCED,
    CONSTRAINT vault_attribute_is_not_blank CHECK (btrim(attribute) <> ''),
    -- AES-GCM: nonce of 96 bits, and a tag of 128 bits even on an empty value.
    CONSTRAINT vault_nonce_is_12_bytes CHECK (octet_length(nonce) = 12),
    CONSTRAINT vault_ciphertext_has_a_tag CHECK (octet_length(ciphertext) >= 16),
    -- Keyed BLAKE2b of 128 bits.
    CONSTRAINT vault_value_digest_is_16_bytes CHECK (octet_length(value_digest) = 16)
) WITH (fillfactor = 90);
COMMENT ON TABLE privacy.vault IS
'Values of persons, each sealed with a key of that person which is kept outside the warehouse.';
COMMENT ON COLUMN privacy.vault.subject_no IS 'The person, privacy.subject.';
COMMENT ON COLUMN privacy.vault.attribute IS 'What the value is: name, email, phone, street.';
COMMENT ON COLUMN privacy.vault.ciphertext IS
'The value under AES-256-GCM with its tag, bound to attribute and person.';
COMMENT ON COLUMN privacy.vault.nonce IS 'The 12 random bytes of this encryption.';
COMMENT ON COLUMN privacy.vault.value_digest IS
'Hash of the value keyed by the person''s key: tells an unchanged value, opens nothing.';
COMMENT ON COLUMN privacy.vault.said_at IS 'Latest time at which the value was said; the newest wins.';
COMMENT ON COLUMN privacy.vault.delivery_key IS
'Delivery that the value was taken from, staging.delivery.';

CREATE TABLE privacy.subject_record (
    subject_no bigint NOT NULL,
    delivery_key bigint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    -- Written right after the numbers were given, in bulk.
    CONSTRAINT subject_record_subject_fkey
    FOREIGN KEY (subject_no) REFERENCES privacy.subject (subject_no) NOT ENFORCED
);
-- Found by person; a load appends in bulk, so there is no key to keep.
CREATE INDEX subject_record_subject_idx ON privacy.subject_record (subject_no);
COMMENT ON TABLE privacy.subject_record IS
'Which delivered records speak of whom, rejected ones included: what an erasure has to reach.';
COMMENT ON COLUMN privacy.subject_record.subject_no IS 'The person, privacy.subject.';
COMMENT ON COLUMN privacy.subject_record.delivery_key IS 'The delivery, staging.delivery.';
COMMENT ON COLUMN privacy.subject_record.line_no IS
'First physical line of the record in its file, from 1.';
COMMENT ON COLUMN privacy.subject_record.record_no IS 'Number of the record in the delivery.';

CREATE TABLE privacy.request (
    request_no bigint GENERATED ALWAYS AS IDENTITY,
    subject_no bigint,
    kind text NOT NULL,
    state text NOT NULL,
    received_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    closed_at timestamptz,
    outcome text,
    CONSTRAINT request_pkey PRIMARY KEY (request_no),
    CONSTRAINT request_subject_fkey
    FOREIGN KEY (subject_no) REFERENCES privacy.subject (subject_no),
    CONSTRAINT request_kind_is_known CHECK (
        kind IN ('access', 'rectification', 'erasure', 'restriction', 'portability', 'objection')
    ),
    CONSTRAINT request_state_is_known CHECK (state IN ('open', 'done', 'refused')),
    -- An answer has a time, and only an answer has one.
    CONSTRAINT request_is_closed_once_answered CHECK ((state = 'open') = (closed_at IS NULL)),
    CONSTRAINT request_is_due_after_receipt CHECK (due_at > received_at)
);
CREATE INDEX request_subject_no_idx ON privacy.request (subject_no);
COMMENT ON TABLE privacy.request IS 'Requests of persons about their data, GDPR articles 15 to 21.';
COMMENT ON COLUMN privacy.request.request_no IS 'Number of the request.';
COMMENT ON COLUMN privacy.request.subject_no IS
'The person, privacy.subject; null while nobody was found.';
COMMENT ON COLUMN privacy.request.kind IS
'access, rectification, erasure, restriction, portability or objection.';
COMMENT ON COLUMN privacy.request.state IS 'open, done or refused.';
COMMENT ON COLUMN privacy.request.received_at IS 'Time of receipt.';
COMMENT ON COLUMN privacy.request.due_at IS 'Time by which the law wants an answer.';
COMMENT ON COLUMN privacy.request.closed_at IS 'Time of the answer.';
COMMENT ON COLUMN privacy.request.outcome IS 'What was done or why not; never a value of the person.';

CREATE TABLE privacy.processing (
    processing_code text NOT NULL,
    title text NOT NULL,
    purpose text NOT NULL,
    legal_basis text NOT NULL,
    data_subjects text NOT NULL,
    data_categories text[] NOT NULL,
    recipients text[] NOT NULL,
    retention_class text NOT NULL,
    retention_days integer,
    CONSTRAINT processing_pkey PRIMARY KEY (processing_code),
    CONSTRAINT processing_legal_basis_is_known CHECK (
        legal_basis IN (
            'consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task',
            'legitimate_interests'
        )
    ),
    -- An activity without data or recipients is not one.
    CONSTRAINT processing_is_complete CHECK (
        cardinality(data_categories) > 0 AND cardinality(recipients) > 0
    ),
    CONSTRAINT processing_retention_is_positive CHECK (retention_days > 0)
);
COMMENT ON TABLE privacy.processing IS 'Register of processing activities, GDPR article 30.';
COMMENT ON COLUMN privacy.processing.processing_code IS 'Short code of the activity.';
COMMENT ON COLUMN privacy.processing.title IS 'Name of the activity, in French.';
COMMENT ON COLUMN privacy.processing.purpose IS 'What it is done for, in French.';
COMMENT ON COLUMN privacy.processing.legal_basis IS 'Basis of GDPR article 6.';
COMMENT ON COLUMN privacy.processing.data_subjects IS 'Whose data, in French.';
COMMENT ON COLUMN privacy.processing.data_categories IS 'Which data, in French.';
COMMENT ON COLUMN privacy.processing.recipients IS 'Who receives them, in French.';
COMMENT ON COLUMN privacy.processing.retention_class IS 'Class of the retention schedule.';
COMMENT ON COLUMN privacy.processing.retention_days IS
'Days kept; null while the relation lasts.';

GRANT USAGE ON SCHEMA privacy TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA privacy TO shopnow_etl;
