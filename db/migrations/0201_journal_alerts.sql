-- Alerts: one row an episode, who was told by which channel, what is silenced, and how far the
-- journal has been read for them.

CREATE TABLE journal.alert (
    alert_no bigint GENERATED ALWAYS AS IDENTITY,
    fingerprint text NOT NULL,
    rule text NOT NULL,
    label text NOT NULL DEFAULT '',
    priority text NOT NULL,
    state text NOT NULL,
    message text NOT NULL,
    value double precision,
    since timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    good_since timestamptz,
    fired_at timestamptz,
    resolved_at timestamptz,
    occurrences bigint NOT NULL,
    inhibited_by text,
    notified_at timestamptz,
    resolve_notified_at timestamptz,
    escalated_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    ticket_no bigint,
    seller_no integer,
    run_id bigint,
    delivery_key bigint,
    CONSTRAINT alert_pkey PRIMARY KEY (alert_no),
    CONSTRAINT alert_ticket_fkey FOREIGN KEY (ticket_no) REFERENCES desk.ticket (ticket_no),
    CONSTRAINT alert_priority_is_known CHECK (priority IN ('P1', 'P2', 'P3')),
    -- Pending: seen, but not for long enough; firing; resolved: over.
    CONSTRAINT alert_state_is_known CHECK (state IN ('pending', 'firing', 'resolved')),
    CONSTRAINT alert_happens_at_least_once CHECK (occurrences >= 1)
);
-- One episode at a time, whoever notices it.
CREATE UNIQUE INDEX alert_open_idx ON journal.alert (fingerprint) WHERE state <> 'resolved';
CREATE INDEX alert_resolved_idx ON journal.alert (resolved_at);

COMMENT ON TABLE journal.alert IS 'Alerts, one row an episode: from the first sign to the end; grain: one episode.';
COMMENT ON COLUMN journal.alert.alert_no IS 'Number of the episode.';
COMMENT ON COLUMN journal.alert.fingerprint IS 'What makes two signs the same alert: rule and label.';
COMMENT ON COLUMN journal.alert.rule IS 'The rule, by its name; the runbook has the same name.';
COMMENT ON COLUMN journal.alert.label IS 'What it is about within the rule: a feed, a mart, a code and seller number.';
COMMENT ON COLUMN journal.alert.priority IS 'P1, P2 or P3: decides who is told, and how.';
COMMENT ON COLUMN journal.alert.state IS 'pending, firing or resolved.';
COMMENT ON COLUMN journal.alert.message IS 'What happened, in French, with codes and counts only.';
COMMENT ON COLUMN journal.alert.value IS 'The last value of the indicator; null for events and for no data.';
COMMENT ON COLUMN journal.alert.since IS 'First sign, UTC.';
COMMENT ON COLUMN journal.alert.last_at IS 'Last sign, UTC.';
COMMENT ON COLUMN journal.alert.good_since IS 'Since when it looks good again, UTC; null while it does not.';
COMMENT ON COLUMN journal.alert.fired_at IS 'When it had lasted long enough to be told, UTC.';
COMMENT ON COLUMN journal.alert.resolved_at IS 'When it was over, UTC.';
COMMENT ON COLUMN journal.alert.occurrences IS 'How many events it counts; evaluations do not count.';
COMMENT ON COLUMN journal.alert.inhibited_by IS 'The rule that explains it and keeps it quiet; null when none does.';
COMMENT ON COLUMN journal.alert.notified_at IS 'When its first message was queued, UTC.';
COMMENT ON COLUMN journal.alert.resolve_notified_at IS 'When the message of its end was queued, UTC.';
COMMENT ON COLUMN journal.alert.escalated_at IS 'When it was escalated for want of an answer, UTC.';
COMMENT ON COLUMN journal.alert.acknowledged_at IS 'When somebody took note of it, UTC.';
COMMENT ON COLUMN journal.alert.acknowledged_by IS 'Who took note of it.';
COMMENT ON COLUMN journal.alert.ticket_no IS 'Its ticket, desk.ticket.';
COMMENT ON COLUMN journal.alert.seller_no IS 'The seller concerned, security.seller.';
COMMENT ON COLUMN journal.alert.run_id IS 'The run concerned last, journal.run.';
COMMENT ON COLUMN journal.alert.delivery_key IS 'The delivery concerned last, staging.delivery.';

CREATE TABLE journal.alert_notice (
    notice_no bigint GENERATED ALWAYS AS IDENTITY,
    rule text NOT NULL,
    kind text NOT NULL,
    priority text NOT NULL,
    channel text NOT NULL,
    alert_nos bigint [] NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    queued_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'queued',
    attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL,
    done_at timestamptz,
    stands_in_for text,
    CONSTRAINT alert_notice_pkey PRIMARY KEY (notice_no),
    CONSTRAINT alert_notice_kind_is_known
    CHECK (kind IN ('opened', 'escalated', 'resolved', 'test')),
    CONSTRAINT alert_notice_state_is_known CHECK (state IN ('queued', 'sent', 'failed'))
);
CREATE INDEX alert_notice_due_idx ON journal.alert_notice (next_try_at) WHERE state = 'queued';
CREATE INDEX alert_notice_rule_idx ON journal.alert_notice (rule, queued_at);

COMMENT ON TABLE journal.alert_notice IS 'Messages about alerts; grain: one message on one channel.';
COMMENT ON COLUMN journal.alert_notice.notice_no IS 'Number of the message.';
COMMENT ON COLUMN journal.alert_notice.rule IS 'The rule whose alerts it is about.';
COMMENT ON COLUMN journal.alert_notice.kind IS 'opened, escalated, resolved or test.';
COMMENT ON COLUMN journal.alert_notice.priority IS 'The priority it was routed by.';
COMMENT ON COLUMN journal.alert_notice.channel IS 'The channel, by its name in the settings.';
COMMENT ON COLUMN journal.alert_notice.alert_nos IS 'The alerts it speaks of, journal.alert.';
COMMENT ON COLUMN journal.alert_notice.title IS 'Its subject, in French.';
COMMENT ON COLUMN journal.alert_notice.body IS 'Its text, in French.';
COMMENT ON COLUMN journal.alert_notice.queued_at IS 'When it was written, UTC.';
COMMENT ON COLUMN journal.alert_notice.state IS 'queued, sent or failed.';
COMMENT ON COLUMN journal.alert_notice.attempts IS 'How often it was tried.';
COMMENT ON COLUMN journal.alert_notice.next_try_at IS 'Not tried before this time, UTC.';
COMMENT ON COLUMN journal.alert_notice.done_at IS 'When it was sent or given up, UTC.';
COMMENT ON COLUMN journal.alert_notice.stands_in_for IS 'The channel that failed and that it replaces.';

CREATE TABLE journal.alert_silence (
    silence_no bigint GENERATED ALWAYS AS IDENTITY,
    rule text NOT NULL,
    label text,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    made_by text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT alert_silence_pkey PRIMARY KEY (silence_no),
    -- A silence without end is a blind spot.
    CONSTRAINT alert_silence_ends CHECK (ends_at > begins_at)
);
COMMENT ON TABLE journal.alert_silence IS 'Rules that nobody is told about for a while; grain: one silence.';
COMMENT ON COLUMN journal.alert_silence.silence_no IS 'Number of the silence.';
COMMENT ON COLUMN journal.alert_silence.rule IS 'The rule.';
COMMENT ON COLUMN journal.alert_silence.label IS 'Only this label of the rule; null: all.';
COMMENT ON COLUMN journal.alert_silence.begins_at IS 'From when on, UTC.';
COMMENT ON COLUMN journal.alert_silence.ends_at IS 'Until when, UTC.';
COMMENT ON COLUMN journal.alert_silence.made_by IS 'Who asked for it.';
COMMENT ON COLUMN journal.alert_silence.reason IS 'Why, in French.';

CREATE TABLE journal.alert_cursor (
    one smallint NOT NULL DEFAULT 1,
    last_event_no bigint NOT NULL DEFAULT 0,
    missing bigint [] NOT NULL DEFAULT '{}',
    CONSTRAINT alert_cursor_pkey PRIMARY KEY (one),
    CONSTRAINT alert_cursor_has_one_row CHECK (one = 1)
);
INSERT INTO journal.alert_cursor DEFAULT VALUES;
COMMENT ON TABLE journal.alert_cursor IS 'How far the journal has been read for alerts; one row.';
COMMENT ON COLUMN journal.alert_cursor.one IS 'Always 1.';
COMMENT ON COLUMN journal.alert_cursor.last_event_no IS 'The highest event read.';
COMMENT ON COLUMN journal.alert_cursor.missing IS
'Numbers below it that were not there yet: their transactions may still commit.';

CREATE INDEX event_level_idx ON journal.event (ts) WHERE level = 'ERROR';

GRANT SELECT, INSERT, UPDATE ON journal.alert, journal.alert_notice, journal.alert_silence TO shopnow_etl;
GRANT SELECT, UPDATE ON journal.alert_cursor TO shopnow_etl;
GRANT MAINTAIN ON -- noqa: PRS
journal.alert, journal.alert_notice, journal.alert_silence, journal.measurement, journal.event TO shopnow_etl;
