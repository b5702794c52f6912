-- Purpose: from its beginning a new version holds: facts of that time follow (scd.md R7).
-- Grain: one row a member whose facts have to follow.
-- Parameters: run_at; {dimension_name}, {tip_owner}, {tip_natural_key}.
INSERT INTO history.retie_due (dimension, seller_no, natural_key, changed, noted_at)
SELECT
    {dimension_name},
    {tip_owner},
    {tip_natural_key},
    tstzmultirange(tstzrange(t.effective_at, '9999-12-31 00:00+00')),
    %(run_at)s
FROM tip AS t
WHERE t.opens
