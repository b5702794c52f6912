-- What is read from the quality history: the row that counts of each delivery, the score of each
-- seller, the trend of each rule, and the five pillars with bounds that are learned (ADR 0017).

CREATE VIEW quality.judged_delivery WITH (security_invoker = TRUE) AS
SELECT
    judged.delivery_key,
    judged.run_id,
    judged.sender_no AS seller_no,
    judged.source,
    judged.feed,
    judged.received_at,
    judged.received_on,
    judged.refused_code,
    judged.lines - judged.blank AS content,
    judged.unreadable,
    judged.records,
    judged.rejected,
    judged.touched,
    judged.drifted,
    judged.formula,
    judged.score
FROM quality.judgement AS judged
WHERE NOT EXISTS (
        SELECT 1
        FROM quality.judgement AS newer
        WHERE newer.delivery_key = judged.delivery_key
            AND newer.run_id > judged.run_id
    );
COMMENT ON VIEW quality.judged_delivery IS
'The newest judgement of each delivery: the rows from which every score is computed again; grain: one delivery.';
COMMENT ON COLUMN quality.judged_delivery.delivery_key IS 'The delivery.';
COMMENT ON COLUMN quality.judged_delivery.run_id IS 'The run that judged it last.';
COMMENT ON COLUMN quality.judged_delivery.seller_no IS 'The sender: 0 the platform, else the seller.';
COMMENT ON COLUMN quality.judged_delivery.source IS 'Source through which it came.';
COMMENT ON COLUMN quality.judged_delivery.feed IS 'Feed of the delivery.';
COMMENT ON COLUMN quality.judged_delivery.received_at IS 'When it was received, UTC.';
COMMENT ON COLUMN quality.judged_delivery.received_on IS 'Day of receipt in the house zone.';
COMMENT ON COLUMN quality.judged_delivery.refused_code IS 'Rule code for which the file could not be read; null where it was.';
COMMENT ON COLUMN quality.judged_delivery.content IS 'Lines with content.';
COMMENT ON COLUMN quality.judged_delivery.unreadable IS 'Of these, lines that are no records.';
COMMENT ON COLUMN quality.judged_delivery.records IS 'Records.';
COMMENT ON COLUMN quality.judged_delivery.rejected IS 'Records that were rejected.';
COMMENT ON COLUMN quality.judged_delivery.touched IS 'Records that passed, cleaned or with a warning.';
COMMENT ON COLUMN quality.judged_delivery.drifted IS 'Columns that are missing, new or of another nature.';
COMMENT ON COLUMN quality.judged_delivery.formula IS 'Version of the score''s formula.';
COMMENT ON COLUMN quality.judged_delivery.score IS 'Score of the delivery, 0 to 100; null where nothing was sent.';

-- A seller's score on a day is that of the 28 days up to it, all feeds together.
CREATE VIEW quality.seller_score WITH (security_invoker = TRUE) AS
WITH daily AS (
    SELECT
        quality.seller_no,
        quality.date_on,
        sum(quality.judged)::bigint AS judged,
        sum(quality.refused)::bigint AS refused,
        sum(quality.content)::bigint AS content,
        sum(quality.unreadable)::bigint AS unreadable,
        sum(quality.records)::bigint AS records,
        sum(quality.rejected)::bigint AS rejected,
        sum(quality.touched)::bigint AS touched
    FROM mart.seller_quality AS quality
    GROUP BY quality.seller_no, quality.date_on
),

summed AS (
    SELECT
        daily.seller_no,
        daily.date_on,
        quality.score(
            daily.judged, daily.refused, daily.content, daily.unreadable, daily.records,
            daily.rejected, daily.touched
        ) AS score_of_day,
        (sum(daily.judged) OVER four_weeks)::bigint AS judged,
        (sum(daily.refused) OVER four_weeks)::bigint AS refused,
        (sum(daily.content) OVER four_weeks)::bigint AS content,
        (sum(daily.unreadable) OVER four_weeks)::bigint AS unreadable,
        (sum(daily.records) OVER four_weeks)::bigint AS records,
        (sum(daily.rejected) OVER four_weeks)::bigint AS rejected,
        (sum(daily.touched) OVER four_weeks)::bigint AS touched
    FROM daily
    WINDOW four_weeks AS (
        PARTITION BY daily.seller_no
        ORDER BY daily.date_on
        RANGE BETWEEN INTERVAL '27 days' PRECEDING AND CURRENT ROW
    )
)

SELECT
    summed.seller_no,
    summed.date_on,
    summed.score_of_day,
    quality.score(
        summed.judged, summed.refused, summed.content, summed.unreadable, summed.records,
        summed.rejected, summed.touched
    ) AS score,
    summed.judged,
    summed.refused,
    summed.content,
    summed.unreadable,
    summed.records,
    summed.rejected,
    summed.touched
FROM summed;
COMMENT ON VIEW quality.seller_score IS
'Quality score of each seller; grain: one seller, one day on which it sent. Sums are of the 28 days up to that day.';
COMMENT ON COLUMN quality.seller_score.seller_no IS 'The sender: 0 the platform, else the seller.';
COMMENT ON COLUMN quality.seller_score.date_on IS 'Day of receipt in the house zone.';
COMMENT ON COLUMN quality.seller_score.score_of_day IS 'Score of the deliveries of the day alone.';
COMMENT ON COLUMN quality.seller_score.score IS 'Score of the 28 days up to the day, 0 to 100.';
COMMENT ON COLUMN quality.seller_score.judged IS 'Deliveries judged.';
COMMENT ON COLUMN quality.seller_score.refused IS 'Of these, files that could not be read.';
COMMENT ON COLUMN quality.seller_score.content IS 'Lines with content.';
COMMENT ON COLUMN quality.seller_score.unreadable IS 'Of these, lines that are no records.';
COMMENT ON COLUMN quality.seller_score.records IS 'Records.';
COMMENT ON COLUMN quality.seller_score.rejected IS 'Records rejected.';
COMMENT ON COLUMN quality.seller_score.touched IS 'Records that passed, cleaned or with a warning.';

CREATE VIEW quality.rule_trend WITH (security_invoker = TRUE) AS
WITH failing AS (
    SELECT
        judged.sender_no,
        judged.feed,
        judged.received_on,
        result.rule_code,
        count(*) AS deliveries,
        sum(result.failed)::bigint AS failed
    FROM quality.judgement AS judged
    INNER JOIN quality.rule_result AS result
        ON result.delivery_key = judged.delivery_key
            AND result.run_id = judged.run_id
            AND result.failed > 0
    WHERE NOT EXISTS (
            SELECT 1
            FROM quality.judgement AS newer
            WHERE newer.delivery_key = judged.delivery_key
                AND newer.run_id > judged.run_id
        )
    GROUP BY judged.sender_no, judged.feed, judged.received_on, result.rule_code
)

SELECT
    failing.sender_no AS seller_no,
    failing.feed,
    failing.received_on AS date_on,
    failing.rule_code,
    failing.deliveries,
    failing.failed,
    day.records,
    round(least(100.0 * failing.failed / nullif(day.records, 0), 100), 4) AS failed_pct
FROM failing
LEFT JOIN mart.seller_quality AS day
    ON day.seller_no = failing.sender_no
        AND day.date_on = failing.received_on
        AND day.feed = failing.feed;
COMMENT ON VIEW quality.rule_trend IS
'How often each rule failed or cleaned; grain: one sender, one feed, one day of receipt, one rule. A day without a row: never.';
COMMENT ON COLUMN quality.rule_trend.seller_no IS 'The sender: 0 the platform, else the seller.';
COMMENT ON COLUMN quality.rule_trend.feed IS 'Feed of the deliveries.';
COMMENT ON COLUMN quality.rule_trend.date_on IS 'Day of receipt in the house zone.';
COMMENT ON COLUMN quality.rule_trend.rule_code IS 'The rule.';
COMMENT ON COLUMN quality.rule_trend.deliveries IS 'Deliveries in which it failed.';
COMMENT ON COLUMN quality.rule_trend.failed IS 'How often it failed: values, records or lines.';
COMMENT ON COLUMN quality.rule_trend.records IS 'Records of the day and feed.';
COMMENT ON COLUMN quality.rule_trend.failed_pct IS 'Failures in a hundred records, at most 100.';

-- Bounds are medians of the 28 days before, of the same weekday where three of these are known,
-- else of all days; with fewer than three days nothing is learned yet, and that is said.
CREATE FUNCTION quality.pillars_at(at timestamptz, zone text, sellers integer [] DEFAULT NULL)
RETURNS TABLE (
    seller_no integer,
    feed text,
    date_on date,
    pillar text,
    subject text,
    value double precision,
    expected double precision,
    lowest double precision,
    highest double precision,
    samples integer,
    state text
)
LANGUAGE sql STABLE
AS $$
    WITH today AS (
        SELECT
            (pillars_at.at AT TIME ZONE pillars_at.zone)::date AS on_day
    ),

    daily AS (
        SELECT
            day.seller_no,
            day.feed,
            day.date_on,
            day.records,
            day.drifted
        FROM mart.seller_quality AS day
        CROSS JOIN today
        WHERE day.date_on BETWEEN today.on_day - 28 AND today.on_day
            AND (pillars_at.sellers IS NULL OR day.seller_no = ANY(pillars_at.sellers))
    ),

    judged AS (
        SELECT
            one.sender_no AS seller_no,
            one.feed,
            one.received_on,
            one.received_at,
            one.delivery_key,
            one.run_id
        FROM quality.judgement AS one
        CROSS JOIN today
        WHERE one.received_on BETWEEN today.on_day - 28 AND today.on_day
            AND one.received_at <= pillars_at.at
            AND (pillars_at.sellers IS NULL OR one.sender_no = ANY(pillars_at.sellers))
    ),

    -- Hours between the first delivery of a day and the one before it.
    gaps AS (
        SELECT
            judged.seller_no,
            judged.feed,
            judged.received_on AS date_on,
            extract(
                EPOCH FROM min(judged.received_at)
                - lag(max(judged.received_at)) OVER (
                    PARTITION BY judged.seller_no, judged.feed
                    ORDER BY judged.received_on
                )
            ) / 3600.0 AS hours
        FROM judged
        GROUP BY judged.seller_no, judged.feed, judged.received_on
    ),

    profiled AS (
        SELECT
            judged.seller_no,
            judged.feed,
            judged.received_on AS date_on,
            profile.kind || '.' || profile.attribute AS subject,
            100.0 * sum(profile.filled) / nullif(sum(profile.records), 0) AS filled_pct,
            sum(profile.total) / nullif(sum(profile.filled), 0) AS mean
        FROM judged
        INNER JOIN quality.profile AS profile
            ON profile.delivery_key = judged.delivery_key
                AND profile.run_id = judged.run_id
        WHERE NOT EXISTS (
                SELECT 1
                FROM quality.judgement AS newer
                WHERE newer.delivery_key = judged.delivery_key
                    AND newer.run_id > judged.run_id
            )
        GROUP BY judged.seller_no, judged.feed, judged.received_on, profile.kind, profile.attribute
    ),

    measured AS (
        SELECT
            daily.seller_no,
            daily.feed,
            daily.date_on,
            figure.pillar,
            figure.subject,
            figure.value
        FROM daily
        CROSS JOIN LATERAL (
            VALUES
            ('volume', 'records', daily.records::double precision),
            ('schema', 'columns', daily.drifted::double precision)
        ) AS figure (pillar, subject, value)
        UNION ALL
        SELECT
            gaps.seller_no,
            gaps.feed,
            gaps.date_on,
            'freshness',
            'hours',
            gaps.hours::double precision
        FROM gaps
        UNION ALL
        SELECT
            profiled.seller_no,
            profiled.feed,
            profiled.date_on,
            figure.pillar,
            profiled.subject,
            figure.value
        FROM profiled
        CROSS JOIN LATERAL (
            VALUES
            ('completeness', profiled.filled_pct::double precision),
            ('distribution', profiled.mean)
        ) AS figure (pillar, value)
    ),

    learned AS (
        SELECT
            measured.seller_no,
            measured.feed,
            measured.pillar,
            measured.subject,
            max(measured.value) FILTER (WHERE measured.date_on = today.on_day) AS value,
            (count(measured.value) FILTER (WHERE past.is_past))::integer AS days,
            (count(measured.value) FILTER (WHERE past.is_weekday))::integer AS weekdays,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY measured.value)
                FILTER (WHERE past.is_past) AS of_days,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY measured.value)
                FILTER (WHERE past.is_weekday) AS of_weekdays
        FROM measured
        CROSS JOIN today
        CROSS JOIN LATERAL (
            SELECT
                measured.date_on < today.on_day AS is_past,
                measured.date_on < today.on_day
                AND extract(ISODOW FROM measured.date_on) = extract(ISODOW FROM today.on_day)
                    AS is_weekday
        ) AS past
        WHERE measured.value IS NOT NULL
            OR measured.date_on = today.on_day
        GROUP BY measured.seller_no, measured.feed, measured.pillar, measured.subject
    ),

    last_seen AS (
        SELECT
            judged.seller_no,
            judged.feed,
            extract(EPOCH FROM pillars_at.at - max(judged.received_at)) / 3600.0 AS hours
        FROM judged
        GROUP BY judged.seller_no, judged.feed
    ),

    bounded AS (
        SELECT
            learned.seller_no,
            learned.feed,
            learned.pillar,
            learned.subject,
            CASE
                WHEN learned.pillar = 'freshness' THEN last_seen.hours::double precision
                ELSE learned.value
            END AS value,
            CASE
                WHEN learned.pillar = 'schema' THEN 0
                WHEN learned.weekdays >= 3 THEN learned.of_weekdays
                WHEN learned.days >= 3 THEN learned.of_days
            END AS expected,
            CASE WHEN learned.weekdays >= 3 THEN learned.weekdays ELSE learned.days END AS samples
        FROM learned
        LEFT JOIN last_seen
            ON last_seen.seller_no = learned.seller_no
                AND last_seen.feed = learned.feed
        WHERE learned.pillar <> 'distribution'
            OR learned.value IS NOT NULL
            OR learned.days > 0
    ),

    ranged AS (
        SELECT
            bounded.seller_no,
            bounded.feed,
            bounded.pillar,
            bounded.subject,
            bounded.value,
            bounded.expected,
            bounded.samples,
            CASE bounded.pillar
                WHEN 'volume' THEN bounded.expected / 2
                WHEN 'completeness' THEN greatest(bounded.expected - 5, 0)
                WHEN 'distribution' THEN bounded.expected - abs(bounded.expected) / 2
                ELSE 0
            END AS lowest,
            CASE bounded.pillar
                WHEN 'volume' THEN bounded.expected * 2
                WHEN 'freshness' THEN bounded.expected * 1.5 + 1
                WHEN 'completeness' THEN 100
                WHEN 'distribution' THEN bounded.expected + abs(bounded.expected)
                ELSE 0
            END AS highest
        FROM bounded
    )

    SELECT
        ranged.seller_no,
        ranged.feed,
        today.on_day,
        ranged.pillar,
        ranged.subject,
        ranged.value,
        ranged.expected,
        CASE WHEN ranged.expected IS NOT NULL THEN ranged.lowest END,
        CASE WHEN ranged.expected IS NOT NULL THEN ranged.highest END,
        ranged.samples,
        CASE
            WHEN ranged.value IS NULL THEN 'no_data'
            WHEN ranged.expected IS NULL THEN 'learning'
            WHEN ranged.value BETWEEN ranged.lowest AND ranged.highest THEN 'good'
            ELSE 'odd'
        END
    FROM ranged
    CROSS JOIN today
    ORDER BY ranged.seller_no, ranged.feed, ranged.pillar, ranged.subject
$$;
COMMENT ON FUNCTION quality.pillars_at(timestamptz, text, integer []) IS
'The five pillars of each sender and feed at a moment (freshness, volume, schema, completeness, distribution) '
'with bounds learned from the 28 days before; state: good, odd, learning, no_data.';

GRANT EXECUTE ON FUNCTION quality.pillars_at(timestamptz, text, integer []) TO shopnow_etl;
GRANT SELECT ON quality.judged_delivery, quality.seller_score, quality.rule_trend TO shopnow_etl;
GRANT SELECT ON quality.judged_delivery, quality.seller_score TO shopnow_engineer, shopnow_operator;
GRANT SELECT ON quality.rule_trend TO shopnow_engineer, shopnow_operator;
GRANT EXECUTE ON FUNCTION quality.pillars_at(
    timestamptz, text, integer []
) TO shopnow_engineer, shopnow_operator;
