-- Purpose: the sender is told of columns that are missing, new or of another nature.
-- Grain: one row a column.
-- Parameters: delivery_key, sender_no, and arrays of one length: codes, names.
INSERT INTO quality.warning (delivery_key, line_no, record_no, seller_no, rule_code, column_name)
SELECT
    %(delivery_key)s,
    0,
    0,
    %(sender_no)s,
    said.code,
    said.name
FROM unnest(%(codes)s::text[], %(names)s::text[]) AS said (code, name)
