-- Purpose: whether anything was ever said: a first load looks nothing up.
-- Grain: one row.
-- Parameters: {log}.
SELECT EXISTS(SELECT 1 FROM {log}) AS is_known
