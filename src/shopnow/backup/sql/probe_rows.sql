-- Purpose: rows that the current role sees: of the seller given, and of others. Grain: one row.
-- Part: relation. Parameter: seller_no (null: none is its own).
SELECT
    count(*) FILTER (WHERE t.seller_no = %(seller_no)s::integer) AS own,
    count(*) FILTER (WHERE t.seller_no IS DISTINCT FROM %(seller_no)s::integer) AS foreign_rows
FROM {relation} AS t
