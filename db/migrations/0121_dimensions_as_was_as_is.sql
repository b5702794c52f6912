-- Reading dimensions as they were at a time (as-was) and as they are (as-is), by key or as a whole.
-- Functions run with the rights of who asks and are inlined: they cost what the query in them costs.

CREATE FUNCTION dwh.seller_as_was(of_seller_no integer, as_of timestamptz)
RETURNS SETOF dwh.dim_seller
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT found.*
    FROM (
        SELECT d.*
        FROM dwh.dim_seller AS d
        WHERE d.seller_no = seller_as_was.of_seller_no
            AND d.valid_to > seller_as_was.as_of
        ORDER BY d.valid_to
        LIMIT 1
    ) AS found
    WHERE found.valid_from <= seller_as_was.as_of
$$;
COMMENT ON FUNCTION dwh.seller_as_was(integer, timestamptz) IS
'The version of a seller that is valid at a time (as-was); no row before its first version.';

CREATE FUNCTION dwh.seller_as_was(as_of timestamptz)
RETURNS SETOF dwh.dim_seller
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT d.*
    FROM dwh.dim_seller AS d
    WHERE d.valid_from <= seller_as_was.as_of
        AND seller_as_was.as_of < d.valid_to
$$;
COMMENT ON FUNCTION dwh.seller_as_was(timestamptz) IS
'All sellers as they were at a time, deleted and reserved members included; grain: one member.';

CREATE FUNCTION dwh.seller_as_is(of_seller_no integer)
RETURNS SETOF dwh.dim_seller
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT d.*
    FROM security.seller_survivor AS led
    INNER JOIN dwh.dim_seller AS d
        ON d.seller_no = led.survivor_no
    WHERE led.seller_no = seller_as_is.of_seller_no
        AND d.valid_to = '9999-12-31 00:00+00'
$$;
COMMENT ON FUNCTION dwh.seller_as_is(integer) IS
'The current version of a seller (as-is), deleted or not; of a merged one, that of the seller that '
'stands for it.';

CREATE FUNCTION dwh.product_as_was(of_seller_no integer, of_product_id text, as_of timestamptz)
RETURNS SETOF dwh.dim_product
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT found.*
    FROM (
        SELECT d.*
        FROM dwh.dim_product AS d
        WHERE d.seller_no = product_as_was.of_seller_no
            AND d.product_id = product_as_was.of_product_id
            AND d.valid_to > product_as_was.as_of
        ORDER BY d.valid_to
        LIMIT 1
    ) AS found
    WHERE found.valid_from <= product_as_was.as_of
$$;
COMMENT ON FUNCTION dwh.product_as_was(integer, text, timestamptz) IS
'The version of a product that is valid at a time (as-was); no row before its first version.';

CREATE FUNCTION dwh.product_as_was(as_of timestamptz)
RETURNS SETOF dwh.dim_product
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT d.*
    FROM dwh.dim_product AS d
    WHERE d.valid_from <= product_as_was.as_of
        AND product_as_was.as_of < d.valid_to
$$;
COMMENT ON FUNCTION dwh.product_as_was(timestamptz) IS
'All products as they were at a time, deleted and reserved members included; grain: one member.';

CREATE FUNCTION dwh.product_as_is(of_seller_no integer, of_product_id text)
RETURNS SETOF dwh.dim_product
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT d.*
    FROM dwh.dim_product AS d
    WHERE d.seller_no = product_as_is.of_seller_no
        AND d.product_id = product_as_is.of_product_id
        AND d.valid_to = '9999-12-31 00:00+00'
$$;
COMMENT ON FUNCTION dwh.product_as_is(integer, text) IS
'The current version of a product (as-is), deleted or not.';

CREATE FUNCTION dwh.customer_as_was(of_customer_no bigint, as_of timestamptz)
RETURNS SETOF dwh.dim_customer
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT found.*
    FROM (
        SELECT d.*
        FROM dwh.dim_customer AS d
        WHERE d.customer_no = customer_as_was.of_customer_no
            AND d.valid_to > customer_as_was.as_of
        ORDER BY d.valid_to
        LIMIT 1
    ) AS found
    WHERE found.valid_from <= customer_as_was.as_of
$$;
COMMENT ON FUNCTION dwh.customer_as_was(bigint, timestamptz) IS
'The version of a customer that is valid at a time (as-was); no row before its first version.';

CREATE FUNCTION dwh.customer_as_was(as_of timestamptz)
RETURNS SETOF dwh.dim_customer
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT d.*
    FROM dwh.dim_customer AS d
    WHERE d.valid_from <= customer_as_was.as_of
        AND customer_as_was.as_of < d.valid_to
$$;
COMMENT ON FUNCTION dwh.customer_as_was(timestamptz) IS
'All customers as they were at a time, deleted and reserved members included; grain: one member.';

CREATE FUNCTION dwh.customer_as_is(of_customer_no bigint)
RETURNS SETOF dwh.dim_customer
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT d.*
    FROM dwh.dim_customer AS d
    WHERE d.customer_no = customer_as_is.of_customer_no
        AND d.valid_to = '9999-12-31 00:00+00'
$$;
COMMENT ON FUNCTION dwh.customer_as_is(bigint) IS
'The current version of a customer (as-is), deleted or not.';

GRANT EXECUTE ON FUNCTION
dwh.seller_as_was(integer, timestamptz), dwh.seller_as_was(timestamptz), dwh.seller_as_is(integer)
TO shopnow_etl, shopnow_analyst_detail;
GRANT EXECUTE ON FUNCTION
dwh.product_as_was(integer, text, timestamptz), dwh.product_as_was(timestamptz), dwh.product_as_is(integer, text)
TO shopnow_etl, shopnow_analyst_detail;
GRANT EXECUTE ON FUNCTION
dwh.customer_as_was(bigint, timestamptz), dwh.customer_as_was(timestamptz), dwh.customer_as_is(bigint)
TO shopnow_etl, shopnow_analyst_detail;
GRANT EXECUTE ON FUNCTION
dwh.seller_as_was(integer, timestamptz), dwh.seller_as_was(timestamptz), dwh.seller_as_is(integer)
TO shopnow_engineer;
GRANT EXECUTE ON FUNCTION
dwh.product_as_was(integer, text, timestamptz), dwh.product_as_was(timestamptz), dwh.product_as_is(integer, text)
TO shopnow_engineer;
