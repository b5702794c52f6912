-- Purpose: what the ledger does not know is no access: it goes, with its sellers.
-- Grain: none.
-- Parameters: roles (text[]) of the ledger.
DELETE FROM security.access
WHERE role_name <> ALL(%(roles)s)
