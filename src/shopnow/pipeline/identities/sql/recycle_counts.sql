-- Purpose: what is dated from the change of hands on and stays with the old number, what waits for
-- the new one, and who has the new legal identifier already.
-- Grain: one row.
-- Parameters: seller_no, seller_id, legal_id, valid_from, valid_on (its day).
SELECT
    (
        SELECT count(*)
        FROM dwh.fact_order AS line
        WHERE line.seller_no = %(seller_no)s
            AND line.order_on >= %(valid_on)s
            AND line.ordered_at >= %(valid_from)s
    ) AS lines_after,
    (
        SELECT count(*)
        FROM history.seller_change AS said
        WHERE said.seller_no = %(seller_no)s
            AND said.effective_at >= %(valid_from)s
    ) AS statements_after,
    (
        SELECT count(*)
        FROM staging.statement_held AS held
        WHERE held.dimension = 'seller'
            AND held.reason = 'another_company'
            AND held.statement ->> 'seller_id' = %(seller_id)s
            AND held.statement ->> 'legal_id' = %(legal_id)s
            AND (held.statement ->> 'effective_at')::timestamptz >= %(valid_from)s
    ) AS held,
    (
        SELECT min(company.seller_no)
        FROM dwh.dim_seller AS company
        WHERE company.legal_id = %(legal_id)s
            AND company.is_current
    ) AS same_company
