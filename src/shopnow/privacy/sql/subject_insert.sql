-- Purpose: give numbers to persons met for the first time.
-- The anti-join spares numbers; the conflict clause settles two loads that meet one person, and
-- one order for all keeps them from waiting for each other.
-- Parameters: kind.
INSERT INTO privacy.subject (kind, lookup)
SELECT
    %(kind)s,
    w.lookup
FROM pg_temp.subject_wanted AS w
WHERE
    NOT EXISTS (
        SELECT 1 FROM privacy.subject AS s
        WHERE s.lookup = w.lookup
    )
ORDER BY w.lookup
ON CONFLICT (lookup) DO NOTHING
