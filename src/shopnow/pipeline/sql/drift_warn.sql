-- Purpose: the sender is told of columns that its file no longer brings.
-- Grain: one row a column.
-- Parameters: delivery_key, sender_no, names (text[]).
INSERT INTO quality.warning (delivery_key, line_no, record_no, seller_no, rule_code, column_name)
SELECT
    %(delivery_key)s,
    0,
    0,
    %(sender_no)s,
    'schema_drift',
    missing.name
FROM unnest(%(names)s::text[]) AS missing (name)
