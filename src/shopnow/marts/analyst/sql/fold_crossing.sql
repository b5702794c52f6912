-- Purpose: the days of which a seller or a product is all but a few buyers, or the other way round:
-- the one subtracted from the other would leave fewer than 5. A line is counted once for the cell of
-- its seller and once for that of its product; a cell lies within a day when all its lines do. The
-- days that are folded count as one.
-- Grain: one row a month, currency, day (null: the folded days).
-- Parameters: smallest.
WITH told AS (
    SELECT
        cell.month,
        cell.currency,
        CASE WHEN day.is_kept THEN cell.date_on END AS told_day,
        side.is_product,
        cell.told_seller,
        CASE WHEN side.is_product THEN cell.told_product END AS told_product,
        cell.customer_no,
        cell.lines
    FROM fold_cell AS cell
    INNER JOIN fold_day AS day
        ON cell.month = day.month AND cell.currency = day.currency AND cell.date_on = day.date_on
    CROSS JOIN (VALUES (FALSE), (TRUE)) AS side (is_product)
),

shared AS (
    SELECT
        told.month,
        told.currency,
        told.told_day,
        told.is_product,
        told.told_seller,
        told.told_product,
        sum(told.lines) AS lines
    FROM told
    GROUP BY
        told.month, told.currency, told.told_day, told.is_product, told.told_seller,
        told.told_product
),

sized AS (
    SELECT
        shared.*,
        sum(shared.lines) OVER (
            PARTITION BY
                shared.month,
                shared.currency,
                shared.is_product,
                shared.told_day
        ) AS lines_of_day,
        sum(shared.lines) OVER (
            PARTITION BY
                shared.month,
                shared.currency,
                shared.is_product,
                shared.told_seller,
                shared.told_product
        ) AS lines_of_cell
    FROM shared
),

inside AS (
    SELECT
        sized.*,
        sized.lines = sized.lines_of_cell AS is_cell_inside
    FROM sized
    -- One within the other, and not the same.
    WHERE
        (sized.lines = sized.lines_of_cell OR sized.lines = sized.lines_of_day)
        AND sized.lines_of_cell <> sized.lines_of_day
)

SELECT DISTINCT
    inside.month,
    inside.currency,
    inside.told_day
FROM inside
CROSS JOIN
    LATERAL (
        SELECT count(DISTINCT told.customer_no) AS buyers
        FROM told
        WHERE
            told.month = inside.month
            AND told.currency = inside.currency
            AND told.is_product = inside.is_product
            AND CASE
                WHEN inside.is_cell_inside
                    THEN
                        told.told_day IS NOT DISTINCT FROM inside.told_day
                        AND (told.told_seller, told.told_product)
                        IS DISTINCT FROM (inside.told_seller, inside.told_product)
                ELSE
                    told.told_seller IS NOT DISTINCT FROM inside.told_seller
                    AND told.told_product IS NOT DISTINCT FROM inside.told_product
                    AND told.told_day IS DISTINCT FROM inside.told_day
            END
    ) AS left_over
WHERE left_over.buyers BETWEEN 1 AND %(smallest)s - 1
