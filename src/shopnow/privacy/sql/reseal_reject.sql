-- Purpose: the line of a reject sealed under its delivery's new key.
-- Grain: one row a reject.
-- Parameters: delivery_key, file_no, line_no, record_no, line_sealed.
UPDATE quality.reject
SET line_sealed = %(line_sealed)s
WHERE delivery_key = %(delivery_key)s
    AND file_no = %(file_no)s
    AND line_no = %(line_no)s
    AND record_no = %(record_no)s
