-- Purpose: a durable number for each identifier that has none yet; numbers follow the given order.
-- Grain: one row a new identifier.
-- Parameters: source, seller_ids (text[]), opened_on.
WITH wanted AS (
    SELECT
        given.seller_id,
        given.place
    FROM unnest(%(seller_ids)s::text[]) WITH ORDINALITY AS given (seller_id, place)
    WHERE NOT EXISTS (
            SELECT 1
            FROM security.seller_identifier AS known
            WHERE known.source = %(source)s
                AND known.seller_id = given.seller_id
            -- Looked up one by one: the planner takes a young registry for a short one to read.
            OFFSET 0
        )
),

numbered AS (
    SELECT
        wanted.seller_id,
        nextval('security.seller_seller_no_seq')::integer AS seller_no
    FROM wanted
    ORDER BY wanted.place
),

opened AS (
    INSERT INTO security.seller (seller_no, opened_on)
    SELECT
        numbered.seller_no,
        %(opened_on)s
    FROM numbered
)

INSERT INTO security.seller_identifier (source, seller_id, valid_from, seller_no)
SELECT
    %(source)s,
    numbered.seller_id,
    '1900-01-01 00:00+00',
    numbered.seller_no
FROM numbered
RETURNING seller_id, valid_from, valid_to, seller_no
