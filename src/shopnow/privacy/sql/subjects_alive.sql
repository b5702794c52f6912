-- Purpose: every person who is not erased, packed: numbers 8 bytes, lookups 16 bytes each.
-- Grain: one row a kind; 16 zero bytes stand for no e-mail address.
SELECT
    s.kind,
    string_agg(int8send(s.subject_no), ''::bytea ORDER BY s.subject_no) AS subject_no,
    string_agg(s.lookup, ''::bytea ORDER BY s.subject_no) AS lookup,
    string_agg(
        coalesce(s.email_lookup, '\x00000000000000000000000000000000'::bytea),
        ''::bytea
        ORDER BY s.subject_no
    ) AS email_lookup
FROM privacy.subject AS s
WHERE s.erased_at IS NULL
GROUP BY s.kind
