-- The quarters that a first load opens are filled before they have an index, and indexed at once when
-- they join their fact: a key built from two million lines costs a quarter of as many entries. The
-- loader owns no table, so two functions do it for the tables of orders, and nothing else. Both run
-- within the load's transaction: nobody else sees a quarter that is apart.

CREATE FUNCTION dwh.open_apart(first_days date []) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    fact text;
    apart text;
    part text;
    first_on date;
BEGIN
    FOREACH fact IN ARRAY ARRAY['fact_order', 'fact_order_header'] LOOP
        apart := fact || '_apart';
        EXECUTE format(
            'CREATE TABLE dwh.%I (LIKE dwh.%I INCLUDING CONSTRAINTS) PARTITION BY RANGE (order_on)',
            apart, fact
        );
        EXECUTE format('GRANT SELECT, INSERT ON dwh.%I TO shopnow_etl', apart);
        FOREACH first_on IN ARRAY first_days LOOP
            part := fact || to_char(first_on, '"_"YYYY"q"Q');
            EXECUTE format(
                'CREATE TABLE dwh.%I PARTITION OF dwh.%I FOR VALUES FROM (%L) TO (%L)',
                part, apart, first_on, (first_on + interval '3 months')::date
            );
            EXECUTE format('GRANT MAINTAIN ON dwh.%I TO shopnow_etl', part);
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION dwh.open_apart(date []) IS
'Makes quarters of order lines and headers, apart from their facts and without an index.';

CREATE FUNCTION dwh.join_apart() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    fact text;
    apart text;
    part record;
BEGIN
    FOREACH fact IN ARRAY ARRAY['fact_order', 'fact_order_header'] LOOP
        apart := fact || '_apart';
        FOR part IN
            SELECT
                child.relname,
                pg_get_expr(child.relpartbound, child.oid) AS bound
            FROM pg_catalog.pg_inherits AS link
            INNER JOIN pg_catalog.pg_class AS child
                ON child.oid = link.inhrelid
            WHERE link.inhparent = format('dwh.%I', apart)::regclass
            ORDER BY child.relname
        LOOP
            EXECUTE format('ALTER TABLE dwh.%I DETACH PARTITION dwh.%I', apart, part.relname);
            EXECUTE format(
                'ALTER TABLE dwh.%I ATTACH PARTITION dwh.%I %s', fact, part.relname, part.bound
            );
        END LOOP;
        EXECUTE format('DROP TABLE dwh.%I', apart);
    END LOOP;
END
$$;
COMMENT ON FUNCTION dwh.join_apart() IS
'Puts the quarters that were made apart into their facts, which gives them their indexes.';

GRANT EXECUTE ON FUNCTION dwh.open_apart(date []), dwh.join_apart() TO shopnow_etl;
