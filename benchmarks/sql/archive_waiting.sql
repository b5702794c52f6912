-- Purpose: WAL segments that still wait for the archive (0 when it keeps up).
SELECT count(*) FROM pg_ls_archive_statusdir()
WHERE name LIKE '%.ready';
