-- Purpose: how good a seller's deliveries were, newest day first.
-- Grain: one row a day and feed.
-- Parameters: since.
SELECT
    quality.date_on,
    quality.feed,
    quality.deliveries,
    quality.records,
    quality.rejected,
    quality.reject_rate_pct,
    quality.score
FROM seller.my_quality AS quality
WHERE quality.date_on >= %(since)s
ORDER BY quality.date_on DESC, quality.feed ASC
