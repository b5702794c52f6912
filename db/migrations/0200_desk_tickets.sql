-- The service desk: tickets and what happened to them. The events are the truth; what stands in a
-- ticket is computed from them each time one is added.

CREATE TABLE desk.ticket (
    ticket_no bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    activity text NOT NULL,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    impact text NOT NULL,
    urgency text NOT NULL,
    priority text NOT NULL,
    state text NOT NULL,
    role text NOT NULL,
    assignee text NOT NULL,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    resolved_at timestamptz,
    closed_at timestamptz,
    due_at timestamptz,
    breached_at timestamptz,
    elapsed_seconds double precision NOT NULL DEFAULT 0,
    is_met boolean,
    occurrences bigint NOT NULL DEFAULT 1,
    alert_fingerprint text,
    runbook text,
    seller_no integer,
    run_id bigint,
    delivery_key bigint,
    external_ref text,
    CONSTRAINT ticket_pkey PRIMARY KEY (ticket_no),
    -- The four kinds of ITIL: incident, problem, service request, change.
    CONSTRAINT ticket_kind_is_known CHECK (kind IN ('incident', 'problem', 'request', 'change')),
    CONSTRAINT ticket_impact_is_known CHECK (impact IN ('haut', 'moyen', 'bas')),
    CONSTRAINT ticket_urgency_is_known CHECK (urgency IN ('haut', 'moyen', 'bas')),
    CONSTRAINT ticket_priority_is_known CHECK (priority IN ('P1', 'P2', 'P3')),
    CONSTRAINT ticket_state_is_known
    CHECK (state IN ('assigned', 'in_progress', 'waiting', 'resolved', 'closed')),
    -- No ticket is nobody's.
    CONSTRAINT ticket_has_an_owner CHECK (role <> '' AND assignee <> ''),
    CONSTRAINT ticket_happens_at_least_once CHECK (occurrences >= 1)
);
-- An alert has one ticket at a time, however often it fires and whoever notices it first.
CREATE UNIQUE INDEX ticket_alert_idx ON desk.ticket (alert_fingerprint)
WHERE alert_fingerprint IS NOT NULL AND state <> 'closed';
CREATE INDEX ticket_state_idx ON desk.ticket (state);
CREATE INDEX ticket_opened_idx ON desk.ticket (opened_at);

COMMENT ON TABLE desk.ticket IS
'Incidents, problems, requests and changes with their clock as of the last event; grain: one ticket.';
COMMENT ON COLUMN desk.ticket.ticket_no IS 'Number of the ticket.';
COMMENT ON COLUMN desk.ticket.kind IS 'incident, problem, request or change.';
COMMENT ON COLUMN desk.ticket.activity IS 'Activity of the RACI that it belongs to.';
COMMENT ON COLUMN desk.ticket.title IS 'What it is about, in French; codes and counts, never values of a person.';
COMMENT ON COLUMN desk.ticket.description IS 'What happened, since when, which effect.';
COMMENT ON COLUMN desk.ticket.impact IS 'haut, moyen or bas.';
COMMENT ON COLUMN desk.ticket.urgency IS 'haut, moyen or bas.';
COMMENT ON COLUMN desk.ticket.priority IS 'P1, P2 or P3: the matrix of impact and urgency.';
COMMENT ON COLUMN desk.ticket.state IS 'assigned, in_progress, waiting, resolved or closed.';
COMMENT ON COLUMN desk.ticket.role IS 'Role of the team that is responsible for it (R of the RACI).';
COMMENT ON COLUMN desk.ticket.assignee IS 'Seat or person of that role who has it.';
COMMENT ON COLUMN desk.ticket.opened_by IS 'Who opened it; `alerte` for an alert.';
COMMENT ON COLUMN desk.ticket.opened_at IS 'When it was opened, UTC.';
COMMENT ON COLUMN desk.ticket.updated_at IS 'When its last event was recorded, UTC.';
COMMENT ON COLUMN desk.ticket.resolved_at IS 'When it was resolved last, UTC; null while it is not.';
COMMENT ON COLUMN desk.ticket.closed_at IS 'When it was closed, UTC.';
COMMENT ON COLUMN desk.ticket.due_at IS 'When its promise ends, UTC; null while its clock stands.';
COMMENT ON COLUMN desk.ticket.breached_at IS 'When its promise was broken, UTC, as of the last event.';
COMMENT ON COLUMN desk.ticket.elapsed_seconds IS 'Open time counted up to the last event, seconds.';
COMMENT ON COLUMN desk.ticket.is_met IS 'Whether it was resolved in time; null until it is resolved.';
COMMENT ON COLUMN desk.ticket.occurrences IS 'How often what it is about happened.';
COMMENT ON COLUMN desk.ticket.alert_fingerprint IS 'The alert that opened it, journal.alert; null when a person did.';
COMMENT ON COLUMN desk.ticket.runbook IS 'Page of docs/exploitation that says what to do.';
COMMENT ON COLUMN desk.ticket.seller_no IS 'The seller concerned, security.seller.';
COMMENT ON COLUMN desk.ticket.run_id IS 'The run concerned, journal.run.';
COMMENT ON COLUMN desk.ticket.delivery_key IS 'The delivery concerned, staging.delivery.';
COMMENT ON COLUMN desk.ticket.external_ref IS 'Its key in the outside ticket system, when one is connected.';

CREATE TABLE desk.ticket_event (
    event_no bigint GENERATED ALWAYS AS IDENTITY,
    ticket_no bigint NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    priority text,
    hold text NOT NULL DEFAULT '',
    comment text NOT NULL DEFAULT '',
    payload jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT ticket_event_pkey PRIMARY KEY (event_no),
    CONSTRAINT ticket_event_ticket_fkey FOREIGN KEY (ticket_no) REFERENCES desk.ticket (ticket_no),
    CONSTRAINT ticket_event_kind_is_known CHECK (
        kind IN (
            'opened', 'assigned', 'started', 'commented', 'paused', 'resumed', 'reclassified',
            'resolved', 'reopened', 'closed', 'linked', 'exported'
        )
    ),
    -- What sets a priority names it.
    CONSTRAINT ticket_event_priority_is_named CHECK (
        (kind IN ('opened', 'reclassified')) = (priority IS NOT NULL)
    )
);
CREATE INDEX ticket_event_ticket_idx ON desk.ticket_event (ticket_no);

COMMENT ON TABLE desk.ticket_event IS
'What happened to a ticket, append-only; grain: one event. Its clock is computed from these alone.';
COMMENT ON COLUMN desk.ticket_event.event_no IS 'Number of the event: orders those of one instant.';
COMMENT ON COLUMN desk.ticket_event.ticket_no IS 'The ticket, desk.ticket.';
COMMENT ON COLUMN desk.ticket_event.at IS 'When it happened, UTC.';
COMMENT ON COLUMN desk.ticket_event.recorded_at IS 'When it was written down, UTC.';
COMMENT ON COLUMN desk.ticket_event.kind IS 'What happened.';
COMMENT ON COLUMN desk.ticket_event.actor IS 'Who did it; `alerte` for an alert.';
COMMENT ON COLUMN desk.ticket_event.priority IS 'The priority it sets; null where it sets none.';
COMMENT ON COLUMN desk.ticket_event.hold IS 'Name of the pause it begins or ends.';
COMMENT ON COLUMN desk.ticket_event.comment IS 'What was said, in French; never values of a person.';
COMMENT ON COLUMN desk.ticket_event.payload IS 'What else there is to say, by name.';

GRANT USAGE ON SCHEMA desk TO shopnow_etl, shopnow_admin, shopnow_engineer, shopnow_operator, shopnow_dpo;
GRANT SELECT, INSERT, UPDATE ON desk.ticket TO shopnow_etl;
GRANT SELECT, INSERT ON desk.ticket_event TO shopnow_etl;
GRANT SELECT ON desk.ticket, desk.ticket_event
TO shopnow_admin, shopnow_engineer, shopnow_operator, shopnow_dpo;
GRANT INSERT, UPDATE ON desk.ticket TO shopnow_admin, shopnow_engineer, shopnow_operator;
GRANT INSERT ON desk.ticket_event TO shopnow_admin, shopnow_engineer, shopnow_operator;
GRANT MAINTAIN ON desk.ticket, desk.ticket_event TO shopnow_etl; -- noqa: PRS
