"""The calendar of the warehouse against two independent ones."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import holidays
import pytest

from shopnow.kernel import Settings, connect

pytestmark = pytest.mark.integration

FIRST, LAST = date(2000, 1, 1), date(2050, 12, 31)
# Whit Monday was a legal holiday in these years too, but worked as "journée de solidarité"
# (law 2004-626, until law 2008-351); the library leaves it out, the law does not.
WORKED_WHIT_MONDAYS = {date(2005, 5, 16), date(2006, 6, 5), date(2007, 5, 28)}


def test_public_holidays_are_those_of_the_law(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows = connection.execute(
            "SELECT date_on FROM dwh.dim_date WHERE is_public_holiday"
        ).fetchall()
    expected = set(holidays.country_holidays("FR", years=range(FIRST.year, LAST.year + 1)))
    assert {row[0] for row in rows} == expected | WORKED_WHIT_MONDAYS


def test_every_day_stands_once_with_its_parts(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows = connection.execute(
            "SELECT date_on, year, quarter, month, iso_year, iso_week, weekday, is_weekend"
            " FROM dwh.dim_date ORDER BY date_on"
        ).fetchall()
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    assert rows == [
        (d, d.year, (d.month + 2) // 3, d.month, *d.isocalendar(), d.isoweekday() > 5) for d in days
    ]


def test_names_are_french(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows = connection.execute(
            "SELECT weekday_name_fr, month_name_fr, public_holiday_fr FROM dwh.dim_date"
            " WHERE date_on IN ('2026-07-14', '2008-05-01', '2026-08-03') ORDER BY date_on"
        ).fetchall()
    assert rows == [
        ("jeudi", "mai", "Ascension, Fête du Travail"),
        ("mardi", "juillet", "Fête nationale"),
        ("lundi", "août", None),
    ]


def test_easter_is_right_for_five_centuries(warehouse: Settings) -> None:
    with connect(warehouse, "shopnow_owner") as connection:
        rows = connection.execute(
            "SELECT dwh.easter_sunday(year) FROM generate_series(1700, 2200) AS year"
        ).fetchall()
    assert [row[0] for row in rows] == [easter(year) for year in range(1700, 2201)]


def easter(year: int) -> date:
    """Gauss's rule, with its two exceptions: another path to the same day."""
    century = year // 100
    m = (15 + century - (13 + 8 * century) // 25 - century // 4) % 30
    n = (4 + century - century // 4) % 7
    d = (19 * (year % 19) + m) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + n) % 7
    if d + e == 35 and d == 29:
        return date(year, 4, 19)
    if d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        return date(year, 4, 18)
    march = 22 + d + e
    return (
        date(year, 3, march)
        if march <= calendar.monthrange(year, 3)[1]
        else date(year, 4, d + e - 9)
    )
