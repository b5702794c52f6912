-- Purpose: one transaction of a load, logged like any other.
INSERT INTO public.loaded (n, t)
SELECT
    n,
    md5(n::text) || md5((-n)::text)
FROM generate_series(1, 20000) AS n
