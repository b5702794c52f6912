-- Purpose: silences that hold at this time.
-- Grain: one silence.
-- Parameters: now.
SELECT
    rule,
    label,
    begins_at,
    ends_at,
    silence_no,
    made_by,
    reason
FROM journal.alert_silence
WHERE
    begins_at <= %(now)s
    AND ends_at > %(now)s
ORDER BY ends_at
