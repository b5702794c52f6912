"""What pages say: every page explains its figures, charts keep the order of days."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import shopnow.web
from shopnow.web.charts import bars, sparkline
from shopnow.web.doors import EXPLAINED
from shopnow.web.kept import KEPT_SECONDS, Kept

TEMPLATES: Final = Path(shopnow.web.__file__).parent / "templates"
# Frames and notices: they show no figure.
_FRAMES: Final = {"page.html", "macros.html", "door.html", "message.html"}


def test_every_page_says_how_it_is_computed() -> None:
    pages = {file.name for file in TEMPLATES.glob("*.html")} - _FRAMES
    assert set(EXPLAINED) == pages
    assert all(text.endswith(".") for told in EXPLAINED.values() for text in told.values())


def test_days_stand_in_their_order_and_not_in_that_of_their_letters() -> None:
    days = [("27/02", "EUR", 3.0), ("02/03", "EUR", 2.0), ("05/03", "EUR", 1.0)]
    chart = str(bars("Ventes", days, across="jour", up="EUR"))
    places = [chart.index(f">{day}<") for day, _, _ in days]
    assert places == sorted(places)


def test_one_part_needs_no_legend() -> None:
    one = str(bars("Ventes", [("27/02", "EUR", 3.0)], across="jour", up="montant"))
    two = str(bars("Envois", [("a", "acceptés", 1.0), ("a", "rejetés", 1.0)], across="x", up="y"))
    assert "EUR" not in re.sub(r'aria-label="[^"]*"', "", one)
    assert ">acceptés<" in two


def test_a_gap_in_a_trend_stays_a_gap() -> None:
    path = str(sparkline([1, 2, None, 4, 5], "essai"))
    assert path.count("M") == 2


class Maker:
    """Makes 1, 2, 3 …; fails where it is told to."""

    def __init__(self) -> None:
        self.made, self.fails = 0, False

    def __call__(self) -> int:
        if self.fails:
            raise OSError
        self.made += 1
        return self.made


def test_what_is_kept_is_made_again_after_its_time() -> None:
    now, make = [0.0], Maker()
    kept = Kept(make, clock=lambda: now[0])
    assert [kept.get(), kept.get()] == [1, 1]
    now[0] = KEPT_SECONDS
    assert [kept.get(), kept.get()] == [2, 2]


def test_what_cannot_be_made_is_not_kept() -> None:
    now, make = [0.0], Maker()
    kept = Kept(make, clock=lambda: now[0])
    make.fails = True
    with pytest.raises(OSError):  # noqa: PT011 — has no text
        kept.get()
    make.fails = False
    assert kept.get() == 1
