-- Purpose: a row policy.
-- Parameters: {policy}, {target}, {command} a word, {roles}, {rows} its conditions.
CREATE POLICY {policy} ON {target} AS PERMISSIVE FOR {command} TO {roles} {rows}
