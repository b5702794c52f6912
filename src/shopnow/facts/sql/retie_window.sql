-- Purpose: the days and instants that the periods at hand span, so that other partitions stay shut.
-- Grain: one row; nulls when there is nothing.
-- Parameters: zone.
SELECT
    greatest(min(due.changed_from), '1900-01-02 00:00+00') AS first_at,
    least(max(due.changed_to), '9999-12-30 00:00+00') AS next_at,
    (greatest(min(due.changed_from), '1900-01-02 00:00+00') AT TIME ZONE %(zone)s)::date AS first_on,
    (least(max(due.changed_to), '9999-12-30 00:00+00') AT TIME ZONE %(zone)s)::date + 1 AS next_on
FROM retie_range AS due
