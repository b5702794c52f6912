-- Purpose: a version of every customer.
-- Parameters: at.
INSERT INTO dwh.dim_customer (
    customer_no, customer_id, country, city, postal_area, valid_from, valid_to, is_current,
    is_deleted, is_inferred, version, known_from, delivery_key, record_no, source_line
)
SELECT
    s.subject_no,
    left(encode(sha256(s.lookup), 'hex'), 24),
    'FR',
    'Lyon',
    '69',
    '2025-01-01 00:00+00',
    '9999-12-31 00:00+00',
    TRUE,
    FALSE,
    FALSE,
    1,
    %(at)s,
    1,
    s.subject_no,
    s.subject_no
FROM privacy.subject AS s
