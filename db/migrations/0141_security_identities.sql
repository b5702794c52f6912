-- Merges and recycled identifiers: a bridge leads from one seller to the other and rewrites nothing;
-- an identifier that changes hands leads to another number from a day on.

-- A bridge that is open is in force: it neither starts nor ends in the future. One that is undone
-- before it ever held is empty.
ALTER TABLE security.seller_bridge
ADD CONSTRAINT seller_bridge_does_not_end_before_it_starts CHECK (valid_from <= valid_to);
-- A seller is merged into one other at a time.
CREATE UNIQUE INDEX seller_bridge_open_key
ON security.seller_bridge (seller_no)
WHERE valid_to = '9999-12-31 00:00+00';
CREATE INDEX seller_bridge_into_idx ON security.seller_bridge (merged_into);
COMMENT ON TABLE security.seller_bridge IS
'Sellers that were merged: as-is, what is theirs counts for the other; as-was, it stays with them. '
'Grain: one seller and period.';

GRANT INSERT, UPDATE ON security.seller_bridge TO shopnow_etl;
GRANT UPDATE (valid_to) ON security.seller_identifier TO shopnow_etl;

-- Who stood for whom on a day: security.seller_survivor says it of now.
CREATE FUNCTION security.seller_survivors(seen_at timestamptz)
RETURNS TABLE (
    seller_no integer,
    survivor_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH RECURSIVE led AS (
        SELECT
            registered.seller_no,
            registered.seller_no AS survivor_no,
            0 AS steps
        FROM security.seller AS registered
        UNION ALL
        SELECT
            led.seller_no,
            bridge.merged_into,
            led.steps + 1
        FROM led
        INNER JOIN security.seller_bridge AS bridge
            ON bridge.seller_no = led.survivor_no
                AND bridge.valid_from <= seller_survivors.seen_at
                AND seller_survivors.seen_at < bridge.valid_to
        -- A circle of merges would be a mistake; it must not hang a reader.
        WHERE led.steps < 100
    )

    SELECT DISTINCT ON (led.seller_no)
        led.seller_no,
        led.survivor_no
    FROM led
    ORDER BY led.seller_no ASC, led.steps DESC
$$;
COMMENT ON FUNCTION security.seller_survivors(timestamptz) IS
'The seller that stood for each seller at a time, itself where it was not merged.';

-- What the roles of a seller see: its own and that of every seller merged into it, over any number
-- of merges. A seller that was merged keeps seeing its own.
CREATE FUNCTION security.sellers_seen_by(of_seller_no integer)
RETURNS SETOF integer
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH RECURSIVE seen AS (
        SELECT sellers_seen_by.of_seller_no AS seller_no
        UNION
        SELECT bridge.seller_no
        FROM seen
        INNER JOIN security.seller_bridge AS bridge
            ON bridge.merged_into = seen.seller_no
                AND bridge.valid_to = '9999-12-31 00:00+00'
    )

    SELECT seen.seller_no
    FROM seen
$$;
COMMENT ON FUNCTION security.sellers_seen_by(integer) IS
'A seller and those that were merged into it: what its roles see.';

-- Only what adds up: an order or a buyer that both sellers had would count twice.
CREATE VIEW mart.seller_daily_sales_as_is WITH (security_invoker = TRUE) AS
SELECT
    led.survivor_no AS seller_no,
    sales.date_on,
    sales.currency,
    sum(sales.lines)::bigint AS lines,
    sum(sales.units)::bigint AS units,
    sum(sales.returned_units)::bigint AS returned_units,
    sum(sales.gross_amount) AS gross_amount,
    sum(sales.returned_amount) AS returned_amount,
    sum(sales.net_amount) AS net_amount,
    sum(sales.freight_amount) AS freight_amount,
    sum(sales.commission_amount) AS commission_amount,
    max(sales.refreshed_at) AS refreshed_at
FROM mart.seller_daily_sales AS sales
INNER JOIN security.seller_survivor AS led
    ON led.seller_no = sales.seller_no
GROUP BY led.survivor_no, sales.date_on, sales.currency;
COMMENT ON VIEW mart.seller_daily_sales_as_is IS
'Sales and returns, those of a merged seller under the one that stands for it now; grain: one such '
'seller, one day in the house zone, one currency.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.seller_no IS
'The seller, or the one that stands for it since a merge.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.date_on IS 'The day, in the house zone.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.currency IS 'Currency of the amounts, ISO 4217.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.lines IS 'Order lines, returns included.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.units IS 'Pieces that went out.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.returned_units IS 'Pieces that came back.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.gross_amount IS 'Amount of what went out.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.returned_amount IS 'Amount of what came back.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.net_amount IS 'What went out less what came back.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.freight_amount IS 'Freight charged to the buyers.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.commission_amount IS 'Commission of the house.';
COMMENT ON COLUMN mart.seller_daily_sales_as_is.refreshed_at IS
'When the newest figure in it was computed, UTC.';

GRANT EXECUTE ON FUNCTION security.seller_survivors(timestamptz) TO shopnow_etl;
GRANT EXECUTE ON FUNCTION security.sellers_seen_by(integer) TO shopnow_etl;
GRANT SELECT ON mart.seller_daily_sales_as_is TO shopnow_etl, shopnow_analyst_detail;
GRANT SELECT ON mart.seller_daily_sales_as_is TO shopnow_engineer;
