-- Purpose: the quarters that the facts of a big warehouse stand in, named as a load names them.
-- Parameters: none; the days are those of visits_lines.
DO $$
DECLARE
    quarter date;
BEGIN
    FOR quarter IN
        SELECT generate_series(
            date_trunc('quarter', current_date - 731), current_date + 1, INTERVAL '3 months'
        )::date
    LOOP
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS dwh.%I PARTITION OF dwh.fact_order FOR VALUES FROM (%L) TO (%L)',
            'fact_order_' || to_char(quarter, 'YYYY"q"Q'),
            quarter,
            (quarter + INTERVAL '3 months')::date
        );
    END LOOP;
END $$
