-- Purpose: a silence ends now, before its time.
-- Grain: one row, none where it has ended or never was.
-- Parameters: now, silence_no.
UPDATE journal.alert_silence
SET ends_at = %(now)s
WHERE
    silence_no = %(silence_no)s
    AND ends_at > %(now)s
RETURNING rule
