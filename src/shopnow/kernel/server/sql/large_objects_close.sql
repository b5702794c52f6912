-- Purpose: nobody in particular writes large objects: no table of ours has any, and whoever may log
-- in could fill the disk with them.
-- Grain: none. On a server where we are no superuser this only warns.
-- Parameters: none.
REVOKE EXECUTE ON FUNCTION
lo_creat(integer),
lo_create(oid),
lo_from_bytea(oid, bytea),
lo_import(text),
lo_import(text, oid)
FROM PUBLIC
