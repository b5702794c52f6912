-- Purpose: no more of a row policy.
-- Parameters: {policy}, {target}.
DROP POLICY {policy} ON {target}
