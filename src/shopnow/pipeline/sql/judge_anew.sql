-- Purpose: what was said of a delivery that is judged anew moves aside; the loader deletes nothing.
-- Grain: one row: how many rows moved.
-- Parameters: delivery_key, at.
SELECT quality.judge_anew(%(delivery_key)s, %(at)s)
