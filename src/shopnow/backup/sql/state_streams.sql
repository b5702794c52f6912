-- Purpose: how far streams are consumed. Grain: one partition of a topic, as JSON.
SELECT to_jsonb(s) AS state
FROM journal.stream_offset AS s
