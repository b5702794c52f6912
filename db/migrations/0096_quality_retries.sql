-- A delivery that is taken in again after a crash or a failure is judged anew: what was said of it
-- before goes. The loader deletes nothing of a published delivery.
GRANT DELETE ON quality.reject, quality.cleaning, quality.warning, quality.rule_result
TO shopnow_etl;
