-- Purpose: what was said of each record of a delivery: rejects, warnings and, when asked, cleanings; not the
-- rejects that were taken in again.
-- Grain: one row a record (0: the delivery as a whole) and rule, in the order of the rules.
-- Parameters: delivery_key, cleanings (boolean).
SELECT
    r.record_no,
    r.line_no,
    'reject' AS level,
    why.rule_code,
    why.column_name
FROM quality.reject AS r
CROSS JOIN unnest(r.rule_codes, r.columns) WITH ORDINALITY AS why (rule_code, column_name, place)
WHERE r.delivery_key = %(delivery_key)s
    AND r.record_no > 0
    AND r.state <> 'replayed'
UNION ALL
SELECT
    w.record_no,
    w.line_no,
    'warn' AS level,
    w.rule_code,
    w.column_name
FROM quality.warning AS w
WHERE w.delivery_key = %(delivery_key)s
UNION ALL
SELECT
    c.record_no,
    c.line_no,
    'clean' AS level,
    c.rule_code,
    c.column_name
FROM quality.cleaning AS c
WHERE c.delivery_key = %(delivery_key)s
    AND %(cleanings)s
