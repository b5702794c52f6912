-- Purpose: lines, headers, payments and logs of orders past their time; totals by day stay in marts.
-- Grain: one row: the rows removed.
WITH lines AS (
    DELETE FROM dwh.fact_order AS f
    USING pg_temp.order_past AS o
    WHERE f.order_id = o.order_id
    RETURNING 1 AS one
),

headers AS (
    DELETE FROM dwh.fact_order_header AS f
    USING pg_temp.order_past AS o
    WHERE f.order_id = o.order_id
    RETURNING 1 AS one
),

payments AS (
    DELETE FROM dwh.fact_payment AS f
    USING pg_temp.order_past AS o
    WHERE f.order_id = o.order_id
    RETURNING 1 AS one
),

changes AS (
    DELETE FROM history.order_change AS f
    USING pg_temp.order_past AS o
    WHERE f.order_id = o.order_id
    RETURNING 1 AS one
),

replaced AS (
    DELETE FROM history.fact_change AS f
    USING pg_temp.order_past AS o
    WHERE f.order_id = o.order_id
    RETURNING 1 AS one
)

SELECT
    (SELECT count(*) FROM lines)
    + (SELECT count(*) FROM headers)
    + (SELECT count(*) FROM payments)
    + (SELECT count(*) FROM changes)
    + (SELECT count(*) FROM replaced) AS removed
