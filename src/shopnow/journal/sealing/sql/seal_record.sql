-- Purpose: one minute is sealed.
-- Grain: one row.
-- Parameters: seal_no, minute_at, events, covered, marks, digest, previous_digest, sealed_until,
-- snapshot, sealed_at.
INSERT INTO journal.seal (
    seal_no, minute_at, events, covered, marks, digest, previous_digest, sealed_until, snapshot,
    sealed_at
)
VALUES (
    %(seal_no)s,
    %(minute_at)s,
    %(events)s,
    %(covered)s::int8multirange,
    %(marks)s,
    %(digest)s,
    %(previous_digest)s,
    %(sealed_until)s,
    %(snapshot)s::pg_snapshot,
    %(sealed_at)s
)
