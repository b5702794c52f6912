-- Purpose: a rule is silenced for a while.
-- Grain: one row.
-- Parameters: ends_at, label, now, reason, rule, who.
INSERT INTO journal.alert_silence (rule, label, begins_at, ends_at, made_by, reason)
VALUES (%(rule)s, %(label)s, %(now)s, %(ends_at)s, %(who)s, %(reason)s)
RETURNING silence_no
