-- Purpose: the columns of a source's files have changed.
-- Grain: one row; none where a delivery that is judged anew shows what it showed before.
-- Parameters: source, part, delivery_key, run_id, seen_at, columns, natures.
INSERT INTO quality.layout (source, part, delivery_key, run_id, seen_at, columns, natures)
SELECT
    %(source)s,
    %(part)s,
    %(delivery_key)s,
    %(run_id)s,
    %(seen_at)s,
    %(columns)s::text[],
    %(natures)s::text[]
WHERE NOT EXISTS (
        SELECT 1
        FROM quality.layout AS shown
        WHERE shown.source = %(source)s
            AND shown.part = %(part)s
            AND shown.delivery_key = %(delivery_key)s
            AND shown.columns = %(columns)s::text[]
            AND shown.natures = %(natures)s::text[]
    )
