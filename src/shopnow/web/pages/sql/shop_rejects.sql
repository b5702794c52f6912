-- Purpose: the rejected lines of a delivery of a seller; their values are in the seller's own file.
-- Grain: one row a record.
-- Parameters: delivery_key, most.
SELECT
    reject.line_no,
    reject.kind,
    reject.rule_codes,
    reject.columns,
    reject.state
FROM seller.my_rejects AS reject
WHERE reject.delivery_key = %(delivery_key)s
ORDER BY reject.line_no, reject.record_no
LIMIT %(most)s
