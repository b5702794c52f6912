-- Reading dimensions as they were believed to be (as-known-on): what was thought on one day to be true
-- of another. A version is believed from known_from until it is superseded (scd.md R8).

CREATE FUNCTION dwh.seller_as_known_on(as_of timestamptz, known_on timestamptz)
RETURNS TABLE (
    seller_no integer,
    seller_key bigint,
    seller_id text,
    seller_name text,
    legal_id text,
    country text,
    region text,
    city text,
    status text,
    commission_pct numeric,
    category text,
    previous_category text,
    category_changed_at timestamptz,
    valid_from timestamptz,
    valid_to timestamptz,
    is_current boolean,
    is_deleted boolean,
    is_inferred boolean,
    version integer,
    known_from timestamptz,
    known_to timestamptz,
    delivery_key bigint,
    record_no integer,
    source_line bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        k.seller_no,
        k.seller_key,
        today.seller_id,
        today.seller_name,
        today.legal_id,
        k.country,
        k.region,
        k.city,
        k.status,
        k.commission_pct,
        today.category,
        today.previous_category,
        today.category_changed_at,
        k.valid_from,
        k.believed_to,
        k.believed_to = '9999-12-31 00:00+00',
        k.is_deleted,
        k.is_inferred,
        k.version,
        k.known_from,
        k.known_to,
        k.delivery_key,
        k.record_no,
        k.source_line
    FROM (
        SELECT
            b.seller_no,
            b.seller_key,
            b.country,
            b.region,
            b.city,
            b.status,
            b.commission_pct,
            b.valid_from,
            b.is_deleted,
            b.is_inferred,
            b.version,
            b.known_from,
            b.known_to,
            b.delivery_key,
            b.record_no,
            b.source_line,
            -- Its end as it was believed then: a version that had not ended yet was the current one.
            lead(b.valid_from, 1, '9999-12-31 00:00+00') OVER (
                PARTITION BY b.seller_no
                ORDER BY b.valid_from
            ) AS believed_to
        FROM history.seller_known AS b
        WHERE b.known_from <= seller_as_known_on.known_on
            AND seller_as_known_on.known_on < b.known_to
    ) AS k
    LEFT JOIN dwh.dim_seller AS today
        ON today.seller_no = k.seller_no
            AND today.valid_to = '9999-12-31 00:00+00'
    WHERE k.valid_from <= seller_as_known_on.as_of
        AND seller_as_known_on.as_of < k.believed_to
$$;
COMMENT ON FUNCTION dwh.seller_as_known_on(timestamptz, timestamptz) IS
'All sellers as they were believed, on known_on, to be at as_of (as-known-on): type 2 and validity as '
'known then, types 0, 1 and 3 as they are today; grain: one member.';

CREATE FUNCTION dwh.seller_as_known_on(
    of_seller_no integer, as_of timestamptz, known_on timestamptz
)
RETURNS TABLE (
    seller_no integer,
    seller_key bigint,
    seller_id text,
    seller_name text,
    legal_id text,
    country text,
    region text,
    city text,
    status text,
    commission_pct numeric,
    category text,
    previous_category text,
    category_changed_at timestamptz,
    valid_from timestamptz,
    valid_to timestamptz,
    is_current boolean,
    is_deleted boolean,
    is_inferred boolean,
    version integer,
    known_from timestamptz,
    known_to timestamptz,
    delivery_key bigint,
    record_no integer,
    source_line bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT k.*
    FROM dwh.seller_as_known_on(seller_as_known_on.as_of, seller_as_known_on.known_on) AS k
    WHERE k.seller_no = seller_as_known_on.of_seller_no
$$;
COMMENT ON FUNCTION dwh.seller_as_known_on(integer, timestamptz, timestamptz) IS
'The version of a seller that was believed, on known_on, to be valid at as_of (as-known-on).';

CREATE FUNCTION dwh.product_as_known_on(as_of timestamptz, known_on timestamptz)
RETURNS TABLE (
    seller_no integer,
    product_id text,
    product_key bigint,
    title text,
    description text,
    brand text,
    gtin text,
    source_category text,
    category_id text,
    status text,
    valid_from timestamptz,
    valid_to timestamptz,
    is_current boolean,
    is_deleted boolean,
    is_inferred boolean,
    version integer,
    known_from timestamptz,
    known_to timestamptz,
    delivery_key bigint,
    record_no integer,
    source_line bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        k.seller_no,
        k.product_id,
        k.product_key,
        today.title,
        today.description,
        today.brand,
        today.gtin,
        today.source_category,
        k.category_id,
        k.status,
        k.valid_from,
        k.believed_to,
        k.believed_to = '9999-12-31 00:00+00',
        k.is_deleted,
        k.is_inferred,
        k.version,
        k.known_from,
        k.known_to,
        k.delivery_key,
        k.record_no,
        k.source_line
    FROM (
        SELECT
            b.seller_no,
            b.product_id,
            b.product_key,
            b.category_id,
            b.status,
            b.valid_from,
            b.is_deleted,
            b.is_inferred,
            b.version,
            b.known_from,
            b.known_to,
            b.delivery_key,
            b.record_no,
            b.source_line,
            -- Its end as it was believed then: a version that had not ended yet was the current one.
            lead(b.valid_from, 1, '9999-12-31 00:00+00') OVER (
                PARTITION BY b.seller_no, b.product_id
                ORDER BY b.valid_from
            ) AS believed_to
        FROM history.product_known AS b
        WHERE b.known_from <= product_as_known_on.known_on
            AND product_as_known_on.known_on < b.known_to
    ) AS k
    LEFT JOIN dwh.dim_product AS today
        ON today.seller_no = k.seller_no
            AND today.product_id = k.product_id
            AND today.valid_to = '9999-12-31 00:00+00'
    WHERE k.valid_from <= product_as_known_on.as_of
        AND product_as_known_on.as_of < k.believed_to
$$;
COMMENT ON FUNCTION dwh.product_as_known_on(timestamptz, timestamptz) IS
'All products as they were believed, on known_on, to be at as_of (as-known-on): type 2 and validity as '
'known then, types 0, 1 and 3 as they are today; grain: one member.';

CREATE FUNCTION dwh.product_as_known_on(
    of_seller_no integer, of_product_id text, as_of timestamptz, known_on timestamptz
)
RETURNS TABLE (
    seller_no integer,
    product_id text,
    product_key bigint,
    title text,
    description text,
    brand text,
    gtin text,
    source_category text,
    category_id text,
    status text,
    valid_from timestamptz,
    valid_to timestamptz,
    is_current boolean,
    is_deleted boolean,
    is_inferred boolean,
    version integer,
    known_from timestamptz,
    known_to timestamptz,
    delivery_key bigint,
    record_no integer,
    source_line bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT k.*
    FROM dwh.product_as_known_on(product_as_known_on.as_of, product_as_known_on.known_on) AS k
    WHERE k.seller_no = product_as_known_on.of_seller_no
        AND k.product_id = product_as_known_on.of_product_id
$$;
COMMENT ON FUNCTION dwh.product_as_known_on(integer, text, timestamptz, timestamptz) IS
'The version of a product that was believed, on known_on, to be valid at as_of (as-known-on).';

CREATE FUNCTION dwh.customer_as_known_on(as_of timestamptz, known_on timestamptz)
RETURNS TABLE (
    customer_no bigint,
    customer_key bigint,
    customer_id text,
    country text,
    region text,
    city text,
    postal_area text,
    segment text,
    previous_segment text,
    segment_changed_at timestamptz,
    valid_from timestamptz,
    valid_to timestamptz,
    is_current boolean,
    is_deleted boolean,
    is_inferred boolean,
    version integer,
    known_from timestamptz,
    known_to timestamptz,
    delivery_key bigint,
    record_no integer,
    source_line bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        k.customer_no,
        k.customer_key,
        today.customer_id,
        k.country,
        k.region,
        k.city,
        k.postal_area,
        today.segment,
        today.previous_segment,
        today.segment_changed_at,
        k.valid_from,
        k.believed_to,
        k.believed_to = '9999-12-31 00:00+00',
        k.is_deleted,
        k.is_inferred,
        k.version,
        k.known_from,
        k.known_to,
        k.delivery_key,
        k.record_no,
        k.source_line
    FROM (
        SELECT
            b.customer_no,
            b.customer_key,
            b.country,
            b.region,
            b.city,
            b.postal_area,
            b.valid_from,
            b.is_deleted,
            b.is_inferred,
            b.version,
            b.known_from,
            b.known_to,
            b.delivery_key,
            b.record_no,
            b.source_line,
            -- Its end as it was believed then: a version that had not ended yet was the current one.
            lead(b.valid_from, 1, '9999-12-31 00:00+00') OVER (
                PARTITION BY b.customer_no
                ORDER BY b.valid_from
            ) AS believed_to
        FROM history.customer_known AS b
        WHERE b.known_from <= customer_as_known_on.known_on
            AND customer_as_known_on.known_on < b.known_to
    ) AS k
    LEFT JOIN dwh.dim_customer AS today
        ON today.customer_no = k.customer_no
            AND today.valid_to = '9999-12-31 00:00+00'
    WHERE k.valid_from <= customer_as_known_on.as_of
        AND customer_as_known_on.as_of < k.believed_to
$$;
COMMENT ON FUNCTION dwh.customer_as_known_on(timestamptz, timestamptz) IS
'All customers as they were believed, on known_on, to be at as_of (as-known-on): type 2 and validity as '
'known then, types 0, 1 and 3 as they are today; grain: one member.';

CREATE FUNCTION dwh.customer_as_known_on(
    of_customer_no bigint, as_of timestamptz, known_on timestamptz
)
RETURNS TABLE (
    customer_no bigint,
    customer_key bigint,
    customer_id text,
    country text,
    region text,
    city text,
    postal_area text,
    segment text,
    previous_segment text,
    segment_changed_at timestamptz,
    valid_from timestamptz,
    valid_to timestamptz,
    is_current boolean,
    is_deleted boolean,
    is_inferred boolean,
    version integer,
    known_from timestamptz,
    known_to timestamptz,
    delivery_key bigint,
    record_no integer,
    source_line bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT k.*
    FROM dwh.customer_as_known_on(customer_as_known_on.as_of, customer_as_known_on.known_on) AS k
    WHERE k.customer_no = customer_as_known_on.of_customer_no
$$;
COMMENT ON FUNCTION dwh.customer_as_known_on(bigint, timestamptz, timestamptz) IS
'The version of a customer that was believed, on known_on, to be valid at as_of (as-known-on).';

GRANT EXECUTE ON FUNCTION
dwh.seller_as_known_on(integer, timestamptz, timestamptz),
dwh.seller_as_known_on(timestamptz, timestamptz)
TO shopnow_etl, shopnow_analyst_detail;
GRANT EXECUTE ON FUNCTION
dwh.product_as_known_on(integer, text, timestamptz, timestamptz),
dwh.product_as_known_on(timestamptz, timestamptz)
TO shopnow_etl, shopnow_analyst_detail;
GRANT EXECUTE ON FUNCTION
dwh.customer_as_known_on(bigint, timestamptz, timestamptz),
dwh.customer_as_known_on(timestamptz, timestamptz)
TO shopnow_etl, shopnow_analyst_detail;
GRANT EXECUTE ON FUNCTION
dwh.seller_as_known_on(integer, timestamptz, timestamptz),
dwh.seller_as_known_on(timestamptz, timestamptz)
TO shopnow_engineer;
GRANT EXECUTE ON FUNCTION
dwh.product_as_known_on(integer, text, timestamptz, timestamptz),
dwh.product_as_known_on(timestamptz, timestamptz)
TO shopnow_engineer;
