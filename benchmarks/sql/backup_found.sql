-- Purpose: how far the writer's rows go, and whether one is lacking in between. Grain: one row.
SELECT
    coalesce(max(w.n), 0) AS newest,
    coalesce(max(w.n), 0) - count(*) AS lacking
FROM public.written AS w
