-- Purpose: a file that could not be read as a whole counts as a delivery without any good in it.
-- Grain: one row.
-- Parameters: run_id, judged_at, zone, formula, delivery_key, code.
INSERT INTO quality.judgement (
    run_id, delivery_key, sender_no, source, feed, received_at, received_on, judged_at,
    contract_version, refused_code, lines, blank, unreadable, records, rejected, touched, drifted,
    formula, score
)
SELECT
    %(run_id)s,
    delivery.delivery_key,
    delivery.sender_no,
    delivery.source,
    delivery.feed,
    delivery.received_at,
    (delivery.received_at AT TIME ZONE %(zone)s)::date,
    %(judged_at)s,
    delivery.contract_version,
    %(code)s,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    %(formula)s,
    quality.score(1, 1, 0, 0, 0, 0, 0)
FROM staging.delivery AS delivery
WHERE delivery.delivery_key = %(delivery_key)s
