-- The one function that row policies for sellers ask (DESIGN 6), and an end to what everybody could
-- do in schema public. Rights and policies themselves are declared in db/access.yaml and follow each
-- migration.

-- Whose rows may who asks see: the sellers of its accesses. Its policy on seller_access hides those
-- of others, and those suspended or expired; nobody mapped, nothing seen. The caller's own rights
-- (no SECURITY DEFINER): what it reads is what its role may read. The setting is for Citus, where
-- the function runs inside a query on a shard; plain PostgreSQL takes it for a placeholder.
CREATE FUNCTION security.my_sellers()
RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET citus.allow_nested_distributed_execution = on -- noqa: PRS
AS $$
    SELECT coalesce(array_agg(granted.seller_no), '{}'::integer[])
    FROM security.seller_access AS granted
$$;
COMMENT ON FUNCTION security.my_sellers() IS
'The sellers whose rows the current role may see; empty for a role without access.';

-- Extensions live there; their views tell of everybody's statements.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
