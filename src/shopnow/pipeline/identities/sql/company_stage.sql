-- Purpose: what a command says of a new company, as a statement of the platform (rank 20) in
-- delivery 0: by command.
-- Grain: one row.
-- Parameters: seller_no, seller_id, legal_id, valid_from, present (bits of what is said).
INSERT INTO staging.seller_row (
    delivery_key, file_no, line_no, record_no, seller_no, effective_at, source_rank, content_hash,
    present, is_embedded, seller_id, legal_id
)
VALUES (
    0,
    0,
    0,
    0,
    %(seller_no)s,
    %(valid_from)s,
    20,
    hashtextextended('recycled|' || %(seller_id)s || '|' || %(legal_id)s, 0),
    %(present)s,
    FALSE,
    %(seller_id)s,
    %(legal_id)s
)
