-- Purpose: when a rule's message of a kind was written last.
-- Grain: one rule.
-- Parameters: kind, since.
SELECT
    rule,
    max(queued_at) AS queued_at
FROM journal.alert_notice
WHERE
    kind = %(kind)s
    AND queued_at > %(since)s
GROUP BY rule
