-- Purpose: how far each feed is published. Grain: one row of journal.published, as JSON.
SELECT to_jsonb(p) AS state
FROM journal.published AS p
