-- Purpose: the former visits, as far as the queries read them; times in UTC.
-- Grain: one row an event as stored, repeats included.
-- Parameters: none.
CREATE TEMPORARY TABLE fact_clickstream (
    event_id text,
    event_type text,
    event_timestamp timestamp
) ON COMMIT DROP
