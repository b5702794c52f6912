-- Purpose: write the winning values; the condition decides again, should another load have come
-- in between.
INSERT INTO privacy.vault AS v
(subject_no, attribute, ciphertext, nonce, value_digest, said_at, delivery_key)
SELECT
    s.subject_no,
    s.attribute,
    x.ciphertext,
    x.nonce,
    s.value_digest,
    s.said_at,
    s.delivery_key
FROM pg_temp.vault_said AS s
INNER JOIN pg_temp.vault_sealed AS x ON s.statement_no = x.statement_no
ORDER BY s.subject_no, s.attribute
ON CONFLICT (subject_no, attribute) DO UPDATE
    SET
        ciphertext = excluded.ciphertext,
        nonce = excluded.nonce,
        value_digest = excluded.value_digest,
        said_at = excluded.said_at,
        delivery_key = excluded.delivery_key
    WHERE (v.said_at, v.value_digest) < (excluded.said_at, excluded.value_digest)
