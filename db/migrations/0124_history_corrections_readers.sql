-- Who follows a correction through: which facts moved to another version, which commissions came out
-- otherwise. Order lines are named, customers are not.
GRANT SELECT ON history.commission_adjustment, history.retie
TO shopnow_engineer, shopnow_analyst_detail;
