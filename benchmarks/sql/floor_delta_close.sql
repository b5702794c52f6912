-- Purpose: type 2: the version that was current ends, its texts being overwritten all the same; so
-- ends that of a product that is gone. Parameters: day, when what the delivery says was true.
UPDATE dim_product AS held
SET
    valid_to = coalesce(delta.updated_at, %(day)s),
    is_current = FALSE,
    title = CASE WHEN delta.change = '2' THEN delta.title ELSE held.title END,
    description = CASE WHEN delta.change = '2' THEN delta.description ELSE held.description END,
    brand = CASE WHEN delta.change = '2' THEN delta.brand ELSE held.brand END,
    gtin = CASE WHEN delta.change = '2' THEN delta.gtin ELSE held.gtin END,
    source_category = CASE
        WHEN delta.change = '2' THEN delta.category
        ELSE held.source_category
    END
FROM product_delta AS delta
WHERE
    held.ctid = delta.place
    AND delta.change IN ('2', 'D');
