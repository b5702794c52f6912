-- Purpose: rejected records and lines, in the order of the sender's file; never their values.
-- Grain: one row a rejected record, or an unreadable line.
-- Parameters: delivery_key (bigint or null), seller, rule, state (text or null), limit.
SELECT
    r.delivery_key,
    f.file_name,
    r.line_no,
    r.record_no,
    r.kind,
    r.rule_codes,
    r.columns,
    r.state,
    count(*) OVER () AS found
FROM quality.reject AS r
LEFT JOIN staging.delivery_file AS f
    ON f.delivery_key = r.delivery_key
        AND f.file_no = r.file_no
WHERE (%(delivery_key)s::bigint IS NULL OR r.delivery_key = %(delivery_key)s)
    AND (%(state)s::text IS NULL OR r.state = %(state)s)
    AND (%(rule)s::text IS NULL OR %(rule)s = any(r.rule_codes))
    AND (
        %(seller)s::text IS NULL
        OR (r.seller_no = 0 AND upper(%(seller)s) IN ('PLATFORM', 'SHOPNOW'))
        OR r.seller_no IN (
            SELECT i.seller_no
            FROM security.seller_identifier AS i
            WHERE i.seller_id = %(seller)s
        )
    )
ORDER BY
    r.delivery_key DESC,
    r.file_no ASC,
    r.line_no ASC,
    r.record_no ASC
LIMIT %(limit)s
