-- Purpose: the person of a kind of whom nothing was heard for the longest time; who has an
-- open account is heard of.
-- Grain: one row.
-- Parameters: kind.
WITH heard AS (
    SELECT
        v.subject_no,
        v.said_at AS at
    FROM privacy.vault AS v
    UNION ALL
    SELECT
        f.customer_no,
        f.ordered_at
    FROM dwh.fact_order AS f
    UNION ALL
    SELECT
        h.customer_no,
        h.purchased_at
    FROM dwh.fact_order_header AS h
    UNION ALL
    SELECT
        c.customer_no,
        c.event_at
    FROM dwh.fact_clickstream AS c
    UNION ALL
    SELECT
        c.customer_no,
        c.effective_at
    FROM history.customer_change AS c
    WHERE c.effective_at > '1900-01-01 00:00+00'
    UNION ALL
    SELECT
        a.subject_no,
        coalesce(least(a.expires_at, a.suspended_at), 'infinity')
    FROM security.web_account AS a
    WHERE a.subject_no IS NOT NULL
),

last_heard AS (
    SELECT
        s.subject_no,
        max(h.at) AS last_at
    FROM privacy.subject AS s
    INNER JOIN heard AS h ON s.subject_no = h.subject_no
    WHERE s.erased_at IS NULL
        AND s.kind = %(kind)s
    GROUP BY s.subject_no
)

SELECT min(l.last_at) AS oldest_at
FROM last_heard AS l
WHERE l.last_at < 'infinity'
