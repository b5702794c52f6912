-- The calendar from 2000 to 2050 with French names and the public holidays of metropolitan
-- France (Code du travail, article L3133-1): eight of fixed date, three that follow Easter.

-- Easter Sunday of the Gregorian calendar: Meeus, Jones and Butcher, whole divisions only.
CREATE FUNCTION dwh.easter_sunday(year integer)
RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    WITH first_step AS (
        SELECT
            easter_sunday.year % 19 AS a,
            easter_sunday.year / 100 AS b,
            easter_sunday.year % 100 AS c
    ),

    second_step AS (
        SELECT
            a,
            (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30 AS h,
            b % 4 AS e,
            c / 4 AS i,
            c % 4 AS k
        FROM first_step
    ),

    third_step AS (
        SELECT
            a,
            h,
            (32 + 2 * e + 2 * i - h - k) % 7 AS l
        FROM second_step
    ),

    fourth_step AS (
        SELECT h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114 AS n
        FROM third_step
    )

    SELECT make_date(easter_sunday.year, n / 31, n % 31 + 1)
    FROM fourth_step
$$;
COMMENT ON FUNCTION dwh.easter_sunday(integer) IS 'Easter Sunday of a year from 1583 on.';

INSERT INTO dwh.dim_date (
    date_on,
    year,
    quarter,
    month,
    month_name_fr,
    iso_year,
    iso_week,
    weekday,
    weekday_name_fr,
    is_weekend,
    is_public_holiday,
    public_holiday_fr
)
WITH calendar AS (
    SELECT day.at::date AS date_on
    FROM
        generate_series(
            '2000-01-01'::timestamp,
            '2050-12-31'::timestamp,
            make_interval(days => 1)
        ) AS day (at)
),

years AS (
    SELECT
        year.number,
        dwh.easter_sunday(year.number) AS easter_on
    FROM generate_series(2000, 2050) AS year (number)
),

holidays AS (
    SELECT
        make_date(years.number, fixed.month, fixed.day) AS date_on,
        fixed.name_fr
    FROM years
    CROSS JOIN (
        VALUES
        (1, 1, 'Jour de l''an'),
        (5, 1, 'Fête du Travail'),
        (5, 8, 'Victoire 1945'),
        (7, 14, 'Fête nationale'),
        (8, 15, 'Assomption'),
        (11, 1, 'Toussaint'),
        (11, 11, 'Armistice 1918'),
        (12, 25, 'Noël')
    ) AS fixed (month, day, name_fr)
    UNION ALL
    SELECT
        years.easter_on + movable.days,
        movable.name_fr
    FROM years
    CROSS JOIN (
        VALUES
        (1, 'Lundi de Pâques'),
        (39, 'Ascension'),
        (50, 'Lundi de Pentecôte')
    ) AS movable (days, name_fr)
),

-- Ascension may fall on 1 or 8 May: one day, two names.
holiday_by_day AS (
    SELECT
        holidays.date_on,
        string_agg(holidays.name_fr, ', ' ORDER BY holidays.name_fr) AS name_fr
    FROM holidays
    GROUP BY holidays.date_on
)

SELECT
    calendar.date_on,
    extract(YEAR FROM calendar.date_on),
    extract(QUARTER FROM calendar.date_on),
    extract(MONTH FROM calendar.date_on),
    (
        ARRAY[
            'janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août',
            'septembre', 'octobre', 'novembre', 'décembre'
        ]
    )[extract(MONTH FROM calendar.date_on)::integer],
    extract(ISOYEAR FROM calendar.date_on),
    extract(WEEK FROM calendar.date_on),
    extract(ISODOW FROM calendar.date_on),
    (
        ARRAY['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche']
    )[extract(ISODOW FROM calendar.date_on)::integer],
    extract(ISODOW FROM calendar.date_on) IN (6, 7),
    holiday_by_day.date_on IS NOT NULL,
    holiday_by_day.name_fr
FROM calendar
LEFT JOIN holiday_by_day
    ON calendar.date_on = holiday_by_day.date_on;
