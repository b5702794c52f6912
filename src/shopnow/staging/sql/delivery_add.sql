-- Purpose: a delivery has arrived.
-- Grain: one row.
-- Parameters: the columns of an arrival, state, reason, corrects.
INSERT INTO staging.delivery (
    sender_no, source, feed, mode, sha256, effective_at, effective_is_declared, received_at,
    state, contract_version, file_name, reason,
    corrects
)
VALUES (
    %(sender_no)s,
    %(source)s,
    %(feed)s,
    %(mode)s,
    %(sha256)s,
    %(effective_at)s,
    %(effective_is_declared)s,
    %(received_at)s,
    %(state)s,
    %(contract_version)s,
    %(file_name)s,
    %(reason)s,
    %(corrects)s
)
RETURNING delivery_key
