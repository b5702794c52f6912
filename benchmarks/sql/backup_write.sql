-- Purpose: one transaction of a running load: two hundred rows. Parameters: first, rows.
INSERT INTO public.written (n, at, filler)
SELECT
    n,
    clock_timestamp(),
    repeat(md5(n::text), 8)
FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(rows)s::bigint - 1) AS n
