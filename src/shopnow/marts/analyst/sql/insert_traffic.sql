-- Purpose: the folded visits of some months by seller; small sellers together, with the smallest of
-- the others where they are too few. A month of fewer sessions is not told.
-- Grain: one row a month and seller.
-- Parameters: months (date[]), first (date), next (date), smallest, run_at.
WITH visit AS (
    SELECT
        date_trunc('month', click.event_on)::date AS month,
        click.seller_no,
        click.session_ref,
        count(*) FILTER (WHERE click.event_type = 'view_page') AS views,
        count(*) FILTER (WHERE click.event_type = 'add_to_cart') AS carts,
        count(*) FILTER (WHERE click.event_type = 'checkout_start') AS checkouts
    FROM dwh.fact_clickstream AS click
    WHERE
        click.event_on >= %(first)s
        AND click.event_on < %(next)s
        AND date_trunc('month', click.event_on)::date = ANY(%(months)s)
    GROUP BY date_trunc('month', click.event_on)::date, click.seller_no, click.session_ref
),

cell AS (
    SELECT
        visit.month,
        visit.seller_no,
        count(DISTINCT visit.session_ref) AS sessions
    FROM visit
    GROUP BY visit.month, visit.seller_no
),

folded AS (
    SELECT
        visit.month,
        count(DISTINCT visit.session_ref) AS sessions
    FROM visit
    INNER JOIN cell
        ON visit.month = cell.month AND visit.seller_no = cell.seller_no
    WHERE cell.sessions < %(smallest)s
    GROUP BY visit.month
),

ranked AS (
    SELECT
        cell.month,
        cell.seller_no,
        cell.sessions >= %(smallest)s AS is_large,
        row_number() OVER (
            PARTITION BY
                cell.month,
                cell.sessions >= %(smallest)s
            ORDER BY cell.sessions, cell.seller_no
        ) AS place
    FROM cell
),

told AS (
    SELECT
        ranked.month,
        ranked.seller_no,
        ranked.is_large AND NOT (
            ranked.place = 1 AND coalesce(folded.sessions, %(smallest)s) < %(smallest)s
        ) AS is_kept
    FROM ranked
    LEFT JOIN folded
        ON ranked.month = folded.month
)

INSERT INTO mart.analyst_traffic_by_seller (
    month,
    seller_no,
    seller_name,
    views,
    carts,
    checkouts,
    sessions,
    refreshed_at
)
SELECT
    visit.month,
    named.seller_no,
    coalesce(min(named.seller_name), min(named.seller_id), 'autres'),
    sum(visit.views),
    sum(visit.carts),
    sum(visit.checkouts),
    count(DISTINCT visit.session_ref),
    %(run_at)s
FROM visit
INNER JOIN told
    ON visit.month = told.month AND visit.seller_no = told.seller_no
LEFT JOIN dwh.dim_seller AS named
    ON visit.seller_no = named.seller_no AND named.is_current AND told.is_kept
GROUP BY visit.month, named.seller_no
HAVING count(DISTINCT visit.session_ref) >= %(smallest)s
