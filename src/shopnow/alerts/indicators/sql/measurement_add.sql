-- Purpose: values of indicators at one time.
-- Grain: one label of an indicator.
-- Parameters: at, indicator, labels, values.
INSERT INTO journal.measurement (indicator, at, value, label)
SELECT
    %(indicator)s,
    %(at)s,
    measured.value,
    measured.label
FROM unnest(%(labels)s::text[], %(values)s::double precision[]) AS measured (label, value)
ON CONFLICT (indicator, at, label) DO NOTHING
