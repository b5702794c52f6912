-- Purpose: the last deliveries of a seller and feed, as their newest judgements say, taken together.
-- Grain: one row.
-- Parameters: sender_no, feed, since (deliveries after this one), until (up to this one), deliveries
-- (how many at most).
WITH last AS (
    SELECT DISTINCT ON (judged.delivery_key)
        judged.delivery_key,
        judged.refused_code,
        judged.lines - judged.blank AS content,
        judged.unreadable,
        judged.records,
        judged.rejected,
        judged.touched,
        judged.score
    FROM quality.judgement AS judged
    WHERE judged.sender_no = %(sender_no)s
        AND judged.feed = %(feed)s
        AND judged.delivery_key > %(since)s
        AND judged.delivery_key <= %(until)s
    ORDER BY judged.delivery_key DESC, judged.run_id DESC
    LIMIT %(deliveries)s
)

SELECT
    count(*)::integer AS deliveries,
    count(refused_code)::integer AS refused,
    coalesce(sum(content), 0)::bigint AS content,
    quality.score(
        count(*),
        count(refused_code),
        coalesce(sum(content), 0)::bigint,
        coalesce(sum(unreadable), 0)::bigint,
        coalesce(sum(records), 0)::bigint,
        coalesce(sum(rejected), 0)::bigint,
        coalesce(sum(touched), 0)::bigint
    ) AS score,
    min(score) AS worst,
    count(score)::integer AS scored
FROM last
