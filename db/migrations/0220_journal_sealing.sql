-- The journal keeps its word: each event bears the number of the transaction that wrote it, closed
-- minutes are sealed, and what is said of a sealed minute afterwards is dated when it is said.

-- Whole minutes since 1970 that are closed. A sequence, because its value is seen at once by every
-- transaction, whatever snapshot that holds: see journal.stamp_event.
CREATE SEQUENCE journal.sealed_until_seq AS bigint MINVALUE 0 START WITH 0;
COMMENT ON SEQUENCE journal.sealed_until_seq IS
'Minutes since 1970 that are closed: an event written from now on is dated later.';

ALTER TABLE journal.event ADD COLUMN transaction_id xid8;
UPDATE journal.event SET transaction_id = pg_current_xact_id();
ALTER TABLE journal.event ALTER COLUMN transaction_id SET NOT NULL;
COMMENT ON COLUMN journal.event.transaction_id IS
'The transaction that wrote the event: says whether a sealer could see it.';
CREATE INDEX event_transaction_idx ON journal.event (transaction_id);

-- The number of the transaction is taken before the closed minutes are read. A sealer closes
-- minutes before it looks which transactions are under way: so whoever is not among them, and
-- comes after, reads the new limit. Runs as the owner, because writers may not read the sequence.
CREATE FUNCTION journal.stamp_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    closed timestamptz;
BEGIN
    NEW.transaction_id := pg_current_xact_id();
    SELECT to_timestamp(60 * sealed.last_value) INTO closed
    FROM journal.sealed_until_seq AS sealed;
    IF NEW.ts < closed THEN
        NEW.payload := coalesce(NEW.payload, '{}') || jsonb_build_object('happened_at', NEW.ts);
        NEW.ts := greatest(closed, clock_timestamp());
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION journal.stamp_event() IS
'Gives an event its transaction, and a date outside the minutes that are closed.';

CREATE TRIGGER event_is_stamped BEFORE INSERT ON journal.event
FOR EACH ROW WHEN (new.transaction_id IS NULL)
EXECUTE FUNCTION journal.stamp_event();

-- A minute may be sealed twice: a transaction under way at its first sealing may end later.
ALTER TABLE journal.seal DROP CONSTRAINT seal_pkey;
ALTER TABLE journal.seal
ADD COLUMN seal_no bigint NOT NULL,
ADD COLUMN covered int8multirange NOT NULL,
ADD COLUMN marks bytea NOT NULL,
ADD COLUMN sealed_until timestamptz NOT NULL,
ADD COLUMN snapshot pg_snapshot NOT NULL,
ADD COLUMN sealed_at timestamptz NOT NULL,
ADD CONSTRAINT seal_pkey PRIMARY KEY (seal_no),
-- Eight bytes an event.
ADD CONSTRAINT seal_has_a_mark_for_each_event CHECK (octet_length(marks) = 8 * events),
ADD CONSTRAINT seal_digest_is_digest CHECK (octet_length(digest) = 32);
CREATE INDEX seal_minute_idx ON journal.seal (minute_at);
COMMENT ON TABLE journal.seal IS
'Digests that make a change of the journal visible; grain: one sealing of one closed minute.';
COMMENT ON COLUMN journal.seal.minute_at IS 'The minute that is closed, its beginning.';
COMMENT ON COLUMN journal.seal.seal_no IS 'Number in the chain of seals, from 1 without gaps.';
COMMENT ON COLUMN journal.seal.covered IS 'Numbers of the events that the digest covers.';
COMMENT ON COLUMN journal.seal.marks IS
'First eight bytes of the digest of each event in the order of their numbers: names what changed.';
COMMENT ON COLUMN journal.seal.sealed_until IS 'End of the minutes closed by this sealing.';
COMMENT ON COLUMN journal.seal.snapshot IS 'Which transactions this sealing could see.';
COMMENT ON COLUMN journal.seal.sealed_at IS 'When it was sealed, by the clock of the sealer.';

-- The writer of events says neither the transaction nor the number; nobody but the owner changes one.
REVOKE INSERT ON journal.event FROM shopnow_etl;
GRANT INSERT (
    ts, source, type, level, message, error_code, seller_no, run_id, delivery_key, payload
) ON journal.event TO shopnow_etl;
GRANT SELECT, INSERT ON journal.seal TO shopnow_etl;
GRANT USAGE, SELECT, UPDATE ON SEQUENCE journal.sealed_until_seq TO shopnow_etl;
