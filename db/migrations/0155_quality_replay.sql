-- Rejects that are replayed after a rule changed, files that correct an earlier one, words of a
-- sender for the house's categories, several taxonomies side by side (ADR 0015, 0016).

ALTER TABLE staging.delivery ADD COLUMN replay_of bigint;
ALTER TABLE staging.delivery ADD COLUMN corrects bigint;
ALTER TABLE staging.delivery ADD CONSTRAINT delivery_replay_of_fkey
FOREIGN KEY (replay_of) REFERENCES staging.delivery (delivery_key);
ALTER TABLE staging.delivery ADD CONSTRAINT delivery_corrects_fkey
FOREIGN KEY (corrects) REFERENCES staging.delivery (delivery_key);
COMMENT ON COLUMN staging.delivery.replay_of IS
'Delivery whose rejected records this one takes in again, from the same sealed file; null elsewhere.';
COMMENT ON COLUMN staging.delivery.corrects IS
'Delivery that the sender declares to be corrected: lines said there in the same words are passed over.';
CREATE INDEX delivery_replay_of_idx ON staging.delivery (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX delivery_corrects_idx ON staging.delivery (corrects) WHERE corrects IS NOT NULL;

CREATE TABLE staging.delivery_replay (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    CONSTRAINT delivery_replay_pkey PRIMARY KEY (delivery_key, record_no),
    CONSTRAINT delivery_replay_delivery_fkey
    FOREIGN KEY (delivery_key) REFERENCES staging.delivery (delivery_key)
);
COMMENT ON TABLE staging.delivery_replay IS
'Records that a replay takes in: one row a record, with the numbers that it has in the sealed file.';
COMMENT ON COLUMN staging.delivery_replay.delivery_key IS 'The replay (staging.delivery.replay_of is set).';
COMMENT ON COLUMN staging.delivery_replay.file_no IS 'File of the delivery, from 1.';
COMMENT ON COLUMN staging.delivery_replay.line_no IS 'First physical line of the record in that file.';
COMMENT ON COLUMN staging.delivery_replay.record_no IS 'Number of the record in the delivery that was rejected.';

-- What a rejected record speaks of, hashed under a key of its own: said again, the reject is closed.
ALTER TABLE quality.reject ADD COLUMN record_key bytea;
COMMENT ON COLUMN quality.reject.record_key IS
'Keyed hash of what the record speaks of (seller and product, order); null where it cannot be told.';
CREATE INDEX reject_key_idx ON quality.reject (record_key) WHERE state = 'open' AND kind = 'item';
CREATE INDEX reject_open_idx ON quality.reject (seller_no, delivery_key) WHERE state = 'open';

CREATE TABLE quality.reject_end (
    delivery_key bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL,
    ended_at timestamptz NOT NULL,
    ending text NOT NULL,
    by_delivery bigint NOT NULL,
    CONSTRAINT reject_end_pkey PRIMARY KEY (delivery_key, file_no, line_no, record_no, ending),
    CONSTRAINT reject_end_is_known CHECK (ending IN ('replayed', 'said_again', 'corrected', 'full')),
    CONSTRAINT reject_end_reject_fkey FOREIGN KEY (delivery_key, file_no, line_no, record_no)
    REFERENCES quality.reject (delivery_key, file_no, line_no, record_no) ON DELETE CASCADE
);
COMMENT ON TABLE quality.reject_end IS
'Rejects that wait for nobody any more: one row a reject and ending, never changed.';
COMMENT ON COLUMN quality.reject_end.delivery_key IS 'Delivery of the reject.';
COMMENT ON COLUMN quality.reject_end.file_no IS 'File of the delivery, from 1.';
COMMENT ON COLUMN quality.reject_end.line_no IS 'First physical line of the record.';
COMMENT ON COLUMN quality.reject_end.record_no IS 'Number of the record in its delivery; 0 for a line that is none.';
COMMENT ON COLUMN quality.reject_end.ended_at IS 'When it ended, UTC.';
COMMENT ON COLUMN quality.reject_end.ending IS
'How: replayed (judged again), said_again (same key), corrected (by a declared correction), full (by a later full file).';
COMMENT ON COLUMN quality.reject_end.by_delivery IS 'Delivery that ended it.';
CREATE INDEX reject_end_by_idx ON quality.reject_end (by_delivery);

-- What a delivery says again, between its intake and its publication.
CREATE TABLE staging.reject_said (
    delivery_key bigint NOT NULL,
    of_delivery bigint NOT NULL,
    file_no smallint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL
);
CREATE INDEX reject_said_delivery_idx ON staging.reject_said (delivery_key);
COMMENT ON TABLE staging.reject_said IS
'Rejects whose key a delivery that is not published yet speaks of: one row a reject.';
COMMENT ON COLUMN staging.reject_said.delivery_key IS 'The delivery that speaks of the key again.';
COMMENT ON COLUMN staging.reject_said.of_delivery IS 'Delivery of the reject.';
COMMENT ON COLUMN staging.reject_said.file_no IS 'File of the rejected record.';
COMMENT ON COLUMN staging.reject_said.line_no IS 'First physical line of the rejected record.';
COMMENT ON COLUMN staging.reject_said.record_no IS 'Number of the rejected record.';

-- What the words of a delivery became: with it, and the cleanings, what was delivered is rebuilt.
CREATE TABLE quality.translation (
    delivery_key bigint NOT NULL,
    kind text NOT NULL,
    column_name text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    rule_code text NOT NULL,
    records bigint NOT NULL,
    is_default boolean NOT NULL,
    CONSTRAINT translation_pkey
    PRIMARY KEY (delivery_key, kind, column_name, before, after, rule_code)
);
COMMENT ON TABLE quality.translation IS
'Words of a delivery and what they became: one row a kind of record, column and pair of words.';
COMMENT ON COLUMN quality.translation.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.translation.kind IS 'Kind of record: seller, product, offer, order, item….';
COMMENT ON COLUMN quality.translation.column_name IS 'Attribute of the contract.';
COMMENT ON COLUMN quality.translation.before IS 'Word as delivered, trimmed.';
COMMENT ON COLUMN quality.translation.after IS 'Word of the warehouse.';
COMMENT ON COLUMN quality.translation.rule_code IS 'translated, or category_alias for a word of the sender''s own.';
COMMENT ON COLUMN quality.translation.records IS 'How many records said it.';
COMMENT ON COLUMN quality.translation.is_default IS
'True for the word that stands behind `after` where no row of quality.cleaning says another.';

-- How a sender calls a category of the house; what is no longer wanted stays, with its end.
CREATE TABLE quality.category_alias (
    alias_no bigint GENERATED ALWAYS AS IDENTITY,
    seller_no integer NOT NULL,
    word text NOT NULL,
    category_id text NOT NULL,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    removed_at timestamptz,
    removed_by text,
    CONSTRAINT category_alias_pkey PRIMARY KEY (alias_no),
    CONSTRAINT category_alias_word_is_filled CHECK (word = lower(btrim(word)) AND word <> ''),
    CONSTRAINT category_alias_category_fkey
    FOREIGN KEY (category_id) REFERENCES dwh.dim_category (category_id)
);
CREATE UNIQUE INDEX category_alias_word_key ON quality.category_alias (seller_no, word)
WHERE removed_at IS NULL;
COMMENT ON TABLE quality.category_alias IS
'Words of senders for the house''s categories: one row a sender and word since it was added.';
COMMENT ON COLUMN quality.category_alias.alias_no IS 'Identity.';
COMMENT ON COLUMN quality.category_alias.seller_no IS
'Sender whose deliveries it holds for; 0: the platform''s; -2: everybody''s.';
COMMENT ON COLUMN quality.category_alias.word IS 'The sender''s word, trimmed, lower case.';
COMMENT ON COLUMN quality.category_alias.category_id IS 'The category that is meant.';
COMMENT ON COLUMN quality.category_alias.added_at IS 'When it was added, UTC.';
COMMENT ON COLUMN quality.category_alias.added_by IS 'Operating-system account that added it.';
COMMENT ON COLUMN quality.category_alias.removed_at IS 'When it was taken back, UTC; null while it holds.';
COMMENT ON COLUMN quality.category_alias.removed_by IS 'Operating-system account that took it back.';

-- Taxonomies stand side by side; a source names the one that its categories are judged against.
ALTER TABLE dwh.dim_category ADD COLUMN taxonomy text NOT NULL DEFAULT 'house';
ALTER TABLE dwh.dim_category ADD CONSTRAINT dim_category_taxonomy_is_known
CHECK (taxonomy IN ('house', 'google', 'shopify'));
COMMENT ON COLUMN dwh.dim_category.taxonomy IS
'house: ShopNow''s own tree; google, shopify: taxonomies of others, their identifiers are prefixed.';

GRANT SELECT, INSERT, DELETE ON staging.delivery_replay TO shopnow_etl;
GRANT SELECT, INSERT ON quality.reject_end TO shopnow_etl;
GRANT SELECT, INSERT, DELETE ON staging.reject_said, quality.translation TO shopnow_etl;
GRANT SELECT, INSERT ON quality.category_alias TO shopnow_etl;
GRANT UPDATE (removed_at, removed_by) ON quality.category_alias TO shopnow_etl;
GRANT MAINTAIN ON staging.delivery_replay, quality.reject_end, quality.category_alias, staging.reject_said, quality.translation TO shopnow_etl; -- noqa: PRS
