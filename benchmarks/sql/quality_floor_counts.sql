-- Purpose: what the floor found, and how many rows passed. Grain: a rule; 'accepted' for the rest.
SELECT
    rule,
    count(*) AS times
FROM rejected
GROUP BY rule
UNION ALL
SELECT
    'accepted' AS rule,
    count(*) AS times
FROM accepted;
