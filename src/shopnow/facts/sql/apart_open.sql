-- Purpose: new quarters of order lines and headers, apart from their facts and without an index.
-- Grain: none.
-- Parameters: first_days (date[]).
SELECT dwh.open_apart(%(first_days)s::date[])
