-- Purpose: the sender is told that nothing was withdrawn, since a part of the file is not understood.
-- Grain: one row.
-- Parameters: delivery_key, sender_no.
INSERT INTO quality.warning (delivery_key, line_no, record_no, seller_no, rule_code, column_name)
VALUES (%(delivery_key)s, 0, 0, %(sender_no)s, 'absence_unproven', '')
