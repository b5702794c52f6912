-- Purpose: where the contract says `strict`, the chain of every key begins with an inferred version
-- that lasts until the first real one (scd.md R15, S22), whichever came first.
-- Grain: one row a key.
-- Parameters: none; composed of the dimension's key and attributes.
INSERT INTO folded (
    {key}, valid_from, valid_to, is_deleted, is_inferred, version, {known_throughout},
    known_from, delivery_key, record_no, source_line
)
SELECT
    {key},
    '1900-01-01 00:00+00',
    valid_from,
    FALSE,
    TRUE,
    1,
    {known_throughout},
    known_from,
    delivery_key,
    record_no,
    source_line
FROM folded
WHERE version = 2
    AND valid_from > '1900-01-01 00:00+00'
