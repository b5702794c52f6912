-- Purpose: tie the warehouse to its key store at the first load.
-- Parameters: fingerprint, bound_at.
INSERT INTO privacy.key_store (key_store_no, fingerprint, bound_at)
VALUES (1, %(fingerprint)s, %(bound_at)s)
ON CONFLICT (key_store_no) DO NOTHING
