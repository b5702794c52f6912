-- Purpose: deliveries that are not published or lost a record (0 is right).
SELECT count(*) FILTER (WHERE state <> 'published' OR records <> accepted OR rejected <> 0)
FROM staging.delivery;
