-- Purpose: a replay reads the sealed files of the delivery whose rejects it takes in again.
-- Grain: one row a file.
-- Parameters: delivery_key (of the replay), replay_of.
INSERT INTO staging.delivery_file (
    delivery_key, file_no, part, file_name, sha256, size_bytes, landing_ref, landing_path
)
SELECT
    %(delivery_key)s,
    file_no,
    part,
    file_name,
    sha256,
    size_bytes,
    landing_ref,
    landing_path
FROM staging.delivery_file
WHERE delivery_key = %(replay_of)s
