-- The circuit breaker of each seller (ADR 0018), and the daily quality figures that scores, trends
-- and pillars are read from.

CREATE TABLE quality.breaker (
    breaker_no bigint GENERATED ALWAYS AS IDENTITY,
    seller_no integer NOT NULL,
    is_open boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    feed text,
    score numeric(5, 2),
    since_delivery bigint NOT NULL,
    decided_by text NOT NULL,
    reason text NOT NULL,
    run_id bigint,
    CONSTRAINT breaker_pkey PRIMARY KEY (breaker_no),
    -- The platform speaks for everybody: it has no breaker.
    CONSTRAINT breaker_is_of_a_seller CHECK (seller_no > 0)
);
COMMENT ON TABLE quality.breaker IS
'Circuit breakers; grain: one opening or closing. The newest row of a seller says how it stands.';
COMMENT ON COLUMN quality.breaker.breaker_no IS 'Number of the change.';
COMMENT ON COLUMN quality.breaker.seller_no IS 'The seller.';
COMMENT ON COLUMN quality.breaker.is_open IS 'True: new deliveries of the seller are judged and held.';
COMMENT ON COLUMN quality.breaker.changed_at IS 'When it changed, UTC.';
COMMENT ON COLUMN quality.breaker.feed IS 'Feed whose deliveries made it change; null where a person did.';
COMMENT ON COLUMN quality.breaker.score IS 'Score of these deliveries together; null where a person did it.';
COMMENT ON COLUMN quality.breaker.since_delivery IS 'Deliveries after this one count for the next change.';
COMMENT ON COLUMN quality.breaker.decided_by IS 'regle, or the operating-system account that gave the command.';
COMMENT ON COLUMN quality.breaker.reason IS 'Why, in French.';
COMMENT ON COLUMN quality.breaker.run_id IS 'The run in which it changed; null for a command.';
CREATE INDEX breaker_seller_idx ON quality.breaker (seller_no, breaker_no);

CREATE TABLE quality.breaker_hold (
    delivery_key bigint NOT NULL,
    breaker_no bigint NOT NULL,
    held_at timestamptz NOT NULL,
    CONSTRAINT breaker_hold_pkey PRIMARY KEY (breaker_no, delivery_key),
    CONSTRAINT breaker_hold_breaker_fkey
    FOREIGN KEY (breaker_no) REFERENCES quality.breaker (breaker_no)
);
COMMENT ON TABLE quality.breaker_hold IS
'Deliveries held by an open circuit breaker; grain: one opening, one delivery.';
COMMENT ON COLUMN quality.breaker_hold.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.breaker_hold.breaker_no IS 'The opening that held it.';
COMMENT ON COLUMN quality.breaker_hold.held_at IS 'When it was held, UTC.';

CREATE VIEW quality.breaker_now WITH (security_invoker = TRUE) AS
SELECT DISTINCT ON (breaker.seller_no)
    breaker.seller_no,
    breaker.breaker_no,
    breaker.is_open,
    breaker.changed_at,
    breaker.feed,
    breaker.score,
    breaker.since_delivery,
    breaker.decided_by,
    breaker.reason
FROM quality.breaker AS breaker
ORDER BY
    breaker.seller_no ASC,
    breaker.breaker_no DESC;
COMMENT ON VIEW quality.breaker_now IS
'How the circuit breakers stand; grain: one seller whose breaker ever changed.';
COMMENT ON COLUMN quality.breaker_now.seller_no IS 'The seller.';
COMMENT ON COLUMN quality.breaker_now.breaker_no IS 'Its last change.';
COMMENT ON COLUMN quality.breaker_now.is_open IS 'True: new deliveries of the seller are judged and held.';
COMMENT ON COLUMN quality.breaker_now.changed_at IS 'Since when, UTC.';
COMMENT ON COLUMN quality.breaker_now.feed IS 'Feed whose deliveries made it change; null where a person did.';
COMMENT ON COLUMN quality.breaker_now.score IS 'Score of these deliveries together; null where a person did it.';
COMMENT ON COLUMN quality.breaker_now.since_delivery IS 'Deliveries after this one count for the next change.';
COMMENT ON COLUMN quality.breaker_now.decided_by IS 'regle, or the operating-system account that gave the command.';
COMMENT ON COLUMN quality.breaker_now.reason IS 'Why, in French.';

-- A day's deliveries of a sender are found without walking through all it ever sent.
CREATE INDEX delivery_sender_time_idx ON staging.delivery (sender_no, feed, received_at);

ALTER TABLE mart.seller_quality ADD COLUMN judged bigint NOT NULL DEFAULT 0;
ALTER TABLE mart.seller_quality ADD COLUMN refused bigint NOT NULL DEFAULT 0;
ALTER TABLE mart.seller_quality ADD COLUMN held bigint NOT NULL DEFAULT 0;
ALTER TABLE mart.seller_quality ADD COLUMN content bigint NOT NULL DEFAULT 0;
ALTER TABLE mart.seller_quality ADD COLUMN touched bigint NOT NULL DEFAULT 0;
ALTER TABLE mart.seller_quality ADD COLUMN drifted bigint NOT NULL DEFAULT 0;
ALTER TABLE mart.seller_quality ADD COLUMN replayed bigint NOT NULL DEFAULT 0;
ALTER TABLE mart.seller_quality ADD COLUMN score numeric(5, 2);
COMMENT ON COLUMN mart.seller_quality.judged IS 'Deliveries that were judged: those the score is made of.';
COMMENT ON COLUMN mart.seller_quality.refused IS 'Of these, files that could not be read as a whole.';
COMMENT ON COLUMN mart.seller_quality.held IS 'Records that wait for a person.';
COMMENT ON COLUMN mart.seller_quality.content IS 'Lines with content, as judged.';
COMMENT ON COLUMN mart.seller_quality.touched IS 'Records that passed, cleaned or with a warning.';
COMMENT ON COLUMN mart.seller_quality.drifted IS 'Columns that were missing, new or of another nature.';
COMMENT ON COLUMN mart.seller_quality.replayed IS 'Records accepted later, when a reject was replayed.';
COMMENT ON COLUMN mart.seller_quality.score IS
'Quality score of the day, 0 to 100 (quality.score, ADR 0017); null where nothing was judged.';

CREATE OR REPLACE VIEW seller.my_quality WITH (security_invoker = TRUE) AS
SELECT
    quality.seller_no,
    quality.date_on,
    quality.feed,
    quality.deliveries,
    quality.lines,
    quality.records,
    quality.accepted,
    quality.rejected,
    quality.duplicate,
    quality.unreadable,
    quality.reject_rate_pct,
    quality.refreshed_at,
    quality.refused,
    quality.held,
    quality.touched,
    quality.drifted,
    quality.replayed,
    quality.score
FROM mart.seller_quality AS quality;
COMMENT ON COLUMN seller.my_quality.refused IS 'Files that could not be read as a whole.';
COMMENT ON COLUMN seller.my_quality.held IS 'Records that wait for a person.';
COMMENT ON COLUMN seller.my_quality.touched IS 'Records that passed, cleaned or with a warning.';
COMMENT ON COLUMN seller.my_quality.drifted IS 'Columns that were missing, new or of another nature.';
COMMENT ON COLUMN seller.my_quality.replayed IS 'Records accepted later, when a reject was replayed.';
COMMENT ON COLUMN seller.my_quality.score IS 'Quality score of the day, 0 to 100; null where nothing was judged.';

GRANT SELECT, INSERT ON quality.breaker, quality.breaker_hold TO shopnow_etl;
GRANT SELECT ON quality.breaker_now TO shopnow_etl;
GRANT SELECT ON quality.breaker, quality.breaker_hold, quality.breaker_now TO shopnow_engineer;
GRANT SELECT ON quality.breaker, quality.breaker_hold, quality.breaker_now TO shopnow_operator;
