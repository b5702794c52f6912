-- Purpose: the delivery that named all customers, with its sealed file.
-- Parameters: landing_ref, landing_path, at.
WITH delivered AS (
    INSERT INTO staging.delivery (
        sender_no, source, feed, mode, sha256, effective_at, effective_is_declared, received_at,
        state, contract_version, records, accepted, rejected, duplicate, superseded, held
    )
    VALUES (0, 'bench', 'orders', 'delta', '\x00', %(at)s, FALSE, %(at)s, 'published', '1', 0, 0, 0, 0, 0, 0)
    RETURNING delivery_key
)

INSERT INTO staging.delivery_file (
    delivery_key, file_no, part, file_name, sha256, size_bytes, landing_ref, landing_path
)
SELECT
    delivered.delivery_key,
    1,
    'main',
    'bench',
    '\x00',
    1,
    %(landing_ref)s,
    %(landing_path)s
FROM delivered
