-- Purpose: a delivery names persons who were erased: its files are sealed again without them.
-- Grain: one row a delivery.
-- Parameters: delivery_key, lines (bigint[]), run_at.
INSERT INTO privacy.reseal AS n (delivery_key, lines, noted_at)
VALUES (%(delivery_key)s, %(lines)s::bigint[], %(run_at)s)
ON CONFLICT (delivery_key) DO UPDATE
    SET lines = n.lines || excluded.lines
