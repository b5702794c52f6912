-- Purpose: one landed file of a delivery.
-- Grain: one row.
-- Parameters: the columns of staging.delivery_file.
INSERT INTO staging.delivery_file (
    delivery_key, file_no, part, file_name, sha256, size_bytes, landing_ref, landing_path
)
VALUES (
    %(delivery_key)s,
    %(file_no)s,
    %(part)s,
    %(file_name)s,
    %(sha256)s,
    %(size_bytes)s,
    %(landing_ref)s,
    %(landing_path)s
)
