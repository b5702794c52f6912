-- Purpose: what the words of a delivery became is found anew, with its verdicts.
-- Grain: one row a pair of words.
-- Parameters: delivery_key.
DELETE FROM quality.translation AS gone
USING staging.delivery AS one
WHERE gone.delivery_key = %(delivery_key)s
    AND one.delivery_key = gone.delivery_key
    AND one.state <> 'published'
