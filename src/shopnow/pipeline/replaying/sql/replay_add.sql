-- Purpose: a replay of rejects is a delivery of its own, true when the rejected one was.
-- Grain: one row.
-- Parameters: delivery_key (of the rejects), sha256, received_at, contract_version.
INSERT INTO staging.delivery (
    sender_no, source, feed, mode, sha256, effective_at, effective_is_declared, received_at,
    state, contract_version, file_name, replay_of
)
SELECT
    sender_no,
    source,
    feed,
    'delta',
    %(sha256)s,
    effective_at,
    effective_is_declared,
    %(received_at)s,
    'received',
    %(contract_version)s,
    file_name,
    delivery_key
FROM staging.delivery
WHERE delivery_key = %(delivery_key)s
RETURNING delivery_key
