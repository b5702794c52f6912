-- Purpose: the offers of the batch whose product is known by its key or by a source reference, and
-- those held until now whose reference has come.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]).
CREATE TEMPORARY TABLE offer_said ON COMMIT DROP AS
SELECT
    offer.delivery_key,
    offer.file_no,
    offer.line_no,
    offer.record_no,
    coalesce(reference.seller_no, offer.seller_no) AS seller_no,
    coalesce(offer.product_id, reference.product_id) AS product_id,
    offer.effective_at,
    offer.source_rank,
    offer.source_sequence,
    offer.content_hash,
    offer.present,
    FALSE AS is_embedded,
    offer.is_deletion,
    offer.unit_price,
    offer.currency,
    offer.stock_quantity,
    offer.is_available,
    offer.was_held
FROM (
    SELECT
        staged.*,
        FALSE AS was_held
    FROM staging.offer_row AS staged
    WHERE staged.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT
        held.*,
        TRUE AS was_held
    FROM staging.offer_held AS held
) AS offer
LEFT JOIN staging.source_reference AS reference
    ON reference.source = offer.source
        AND reference.kind = 'product'
        AND reference.ref = offer.source_ref
        AND offer.product_id IS NULL
WHERE coalesce(offer.product_id, reference.product_id) IS NOT NULL
