-- Purpose: the key store that this warehouse was loaded with.
-- Grain: at most one row.
SELECT k.fingerprint
FROM privacy.key_store AS k
WHERE k.key_store_no = 1
