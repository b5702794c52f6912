-- Purpose: let the owner of the schemas write functions that carry a setting of Citus; where Citus
-- is absent the setting means nothing. (The linter does not know rights on parameters.)
-- Parameters: {role} the owner.
GRANT SET ON PARAMETER citus.allow_nested_distributed_execution TO {role}; -- noqa: PRS
