-- Purpose: records that were held because they speak of the new company go to it, as they stood in
-- staging.
-- Grain: one row a delivery.
-- Parameters: seller_id, legal_id, valid_from, seller_no.
WITH released AS (
    DELETE FROM staging.statement_held AS held
    WHERE held.dimension = 'seller'
        AND held.reason = 'another_company'
        AND held.statement ->> 'seller_id' = %(seller_id)s
        AND held.statement ->> 'legal_id' = %(legal_id)s
        AND (held.statement ->> 'effective_at')::timestamptz >= %(valid_from)s
    RETURNING
        held.delivery_key,
        held.statement || jsonb_build_object('seller_no', %(seller_no)s::integer) AS statement
),

staged AS (
    INSERT INTO staging.seller_row
    SELECT record.*
    FROM released
    CROSS JOIN
        LATERAL jsonb_populate_record(NULL::staging.seller_row, released.statement) AS record
)

SELECT
    released.delivery_key,
    count(*) AS records
FROM released
GROUP BY released.delivery_key
