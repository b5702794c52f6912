-- Purpose: lines of the general path against each other and against what stands.
-- Grain: one row a staged line of the general path.
-- Parameters: window_days (the contract's correction window).
CREATE TEMPORARY TABLE line_ranked ON COMMIT DROP AS
WITH placed AS (
    SELECT
        said.*,
        row_number() OVER w AS place,
        first_value(said.content_hash) OVER w AS winning_hash
    FROM line_said AS said
    WINDOW w AS (
        PARTITION BY said.seller_no, said.order_id, said.line_no
        ORDER BY
            said.said_at DESC,
            said.source_rank DESC,
            said.said_sequence DESC NULLS LAST,
            said.content_hash DESC,
            said.delivery_key,
            said.record_no
    )
)

SELECT
    placed.*,
    stored.order_on AS stored_on,
    stored.ordered_at AS stored_ordered_at,
    stored.content_hash AS stored_hash,
    stored.buyer_ref AS stored_buyer_ref,
    (
        placed.said_at,
        placed.source_rank,
        coalesce(placed.said_sequence, -1),
        placed.content_hash
    ) > (
        stored.said_at,
        stored.source_rank,
        coalesce(stored.said_sequence, -1),
        stored.content_hash
    ) AS is_later
FROM placed
LEFT JOIN dwh.fact_order AS stored
    ON stored.seller_no = placed.seller_no
        AND stored.order_id = placed.order_id
        AND stored.line_no = placed.line_no
        AND stored.order_on >= placed.order_on - %(window_days)s::integer
        AND stored.order_on <= placed.order_on + %(window_days)s::integer
