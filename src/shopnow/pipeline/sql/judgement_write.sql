-- Purpose: what a run found in deliveries, for good; their counts are those of steps 1 to 3.
-- Grain: one row a delivery; none for records that we take in again ourselves (replays).
-- Parameters: run_id, judged_at, zone, formula, and arrays of one length: deliveries, touched,
-- drifted.
INSERT INTO quality.judgement (
    run_id, delivery_key, sender_no, source, feed, received_at, received_on, judged_at,
    contract_version, lines, blank, unreadable, records, rejected, touched, drifted, formula, score
)
-- Records that contradict one another are rejected last, and may have been cleaned before.
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
    delivery.lines,
    delivery.blank,
    delivery.unreadable,
    delivery.records,
    delivery.rejected,
    least(found.touched, delivery.records - delivery.rejected),
    found.drifted,
    %(formula)s,
    quality.score(
        1,
        0,
        delivery.lines - delivery.blank,
        delivery.unreadable,
        delivery.records,
        delivery.rejected,
        least(found.touched, delivery.records - delivery.rejected)
    )
FROM unnest(
        %(deliveries)s::bigint[], %(touched)s::bigint[], %(drifted)s::bigint[]
    ) AS found (delivery_key, touched, drifted)
INNER JOIN staging.delivery AS delivery
    ON delivery.delivery_key = found.delivery_key
WHERE delivery.replay_of IS NULL
RETURNING delivery_key, score
