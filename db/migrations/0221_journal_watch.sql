-- What the watch of the server's log and of the catalogue has seen already.

CREATE TABLE journal.log_position (
    file_name text NOT NULL,
    head bytea NOT NULL,
    position bigint NOT NULL,
    read_at timestamptz NOT NULL,
    CONSTRAINT log_position_pkey PRIMARY KEY (file_name),
    CONSTRAINT log_position_is_not_negative CHECK (position >= 0)
);
COMMENT ON TABLE journal.log_position IS
'How far each file of the server''s log was read; grain: one file.';
COMMENT ON COLUMN journal.log_position.file_name IS 'Name of the file, used again each week.';
COMMENT ON COLUMN journal.log_position.head IS 'Its first bytes: tell a new file of that name.';
COMMENT ON COLUMN journal.log_position.position IS 'Bytes read, whole lines.';
COMMENT ON COLUMN journal.log_position.read_at IS 'When it was read last.';

CREATE TABLE journal.log_session (
    session_id text NOT NULL,
    role_name text NOT NULL,
    opened_at timestamptz NOT NULL,
    CONSTRAINT log_session_pkey PRIMARY KEY (session_id)
);
COMMENT ON TABLE journal.log_session IS
'Sessions that the log has seen opened and not closed: whose a refusal is; grain: one session.';
COMMENT ON COLUMN journal.log_session.session_id IS 'The server''s own name of the session.';
COMMENT ON COLUMN journal.log_session.role_name IS 'The role that logged in.';
COMMENT ON COLUMN journal.log_session.opened_at IS 'When, by the server''s clock.';

CREATE TABLE journal.catalogue_fact (
    kind text NOT NULL,
    object text NOT NULL,
    fact text NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT catalogue_fact_pkey PRIMARY KEY (kind, object)
);
COMMENT ON TABLE journal.catalogue_fact IS
'Roles, memberships, rights, policies and settings as last seen: what differs later is an event; '
'grain: one fact.';
COMMENT ON COLUMN journal.catalogue_fact.kind IS 'What it is: role, membership, grant, policy, ….';
COMMENT ON COLUMN journal.catalogue_fact.object IS 'Of what, for whom.';
COMMENT ON COLUMN journal.catalogue_fact.fact IS 'What holds.';
COMMENT ON COLUMN journal.catalogue_fact.seen_at IS 'Since when it was seen so.';

GRANT SELECT, INSERT, UPDATE, DELETE ON journal.log_position TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON journal.log_session TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON journal.catalogue_fact TO shopnow_etl;
-- A migration explains what it changed.
GRANT SELECT ON journal.migration TO shopnow_etl;
