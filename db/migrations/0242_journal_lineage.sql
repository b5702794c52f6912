-- Up to which run the lineage was told; one row, so that two tellers tell one run once.

CREATE TABLE journal.lineage_cursor (
    one smallint NOT NULL DEFAULT 1,
    last_run_id bigint NOT NULL DEFAULT 0,
    CONSTRAINT lineage_cursor_pkey PRIMARY KEY (one),
    CONSTRAINT lineage_cursor_has_one_row CHECK (one = 1)
);
INSERT INTO journal.lineage_cursor DEFAULT VALUES;
COMMENT ON TABLE journal.lineage_cursor IS
'How far runs have been told as OpenLineage events; one row, used where the setting is on.';
COMMENT ON COLUMN journal.lineage_cursor.one IS 'Always 1.';
COMMENT ON COLUMN journal.lineage_cursor.last_run_id IS 'The last run that was told whole.';

GRANT SELECT, UPDATE ON journal.lineage_cursor TO shopnow_etl;
