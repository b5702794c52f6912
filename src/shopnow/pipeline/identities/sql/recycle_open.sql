-- Purpose: a number for the company that an identifier goes to.
-- Grain: one row.
-- Parameters: valid_from.
INSERT INTO security.seller (seller_no, opened_on)
VALUES (
    nextval('security.seller_seller_no_seq')::integer,
    (%(valid_from)s::timestamptz AT TIME ZONE 'UTC')::date
)
RETURNING seller_no
