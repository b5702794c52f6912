-- Purpose: take back the rule results of a delivery that is taken in again.
-- Grain: one row a rule result.
-- Parameters: delivery_key.
DELETE FROM quality.rule_result
WHERE delivery_key = %(delivery_key)s
