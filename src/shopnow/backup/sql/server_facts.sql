-- Purpose: size in bytes of all databases, version, identity of the cluster. Grain: one row.
SELECT
    (SELECT sum(pg_database_size(d.oid))::bigint FROM pg_database AS d) AS database_bytes,
    current_setting('server_version') AS server_version,
    (SELECT s.system_identifier::text FROM pg_control_system() AS s) AS system_identifier
