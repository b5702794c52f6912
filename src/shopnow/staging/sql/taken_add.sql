-- Purpose: a file was taken, in the transaction that receives its delivery.
-- Grain: one row.
-- Parameters: source, file_name, size_bytes, version, taken_at, delivery_key (null: a duplicate).
INSERT INTO staging.source_taken (source, file_name, size_bytes, version, taken_at, delivery_key)
VALUES (%(source)s, %(file_name)s, %(size_bytes)s, %(version)s, %(taken_at)s, %(delivery_key)s)
ON CONFLICT (source, file_name, size_bytes, version) DO NOTHING
