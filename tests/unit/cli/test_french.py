"""How reports look: nothing is cut, nothing breaks inside a number, both ways of reading them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from shopnow.cli.french import amount, moment, number, plural, prose, sheet

THIN = "\u202f"


def _page(width: int) -> tuple[Console, StringIO]:
    stream = StringIO()
    return Console(file=stream, width=width, highlight=False), stream


@pytest.mark.parametrize("width", [20, 31, 47, 100])
def test_a_paragraph_breaks_at_plain_spaces_only(width: int) -> None:
    page, stream = _page(width)
    text = f"[bold]{number(266877)} lignes[/bold] en 52 s, soit {number(5132)} par seconde"
    prose(page, text, "• ")
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(line.strip() for line in lines) == (
        f"• 266{THIN}877 lignes en 52 s, soit 5{THIN}132 par seconde"
    )


def test_a_table_folds_what_is_too_long_and_loses_nothing() -> None:
    page, stream = _page(30)
    page.print(sheet("", [">n°", "fichier"], [(1, "S006_export_prix_20260111_bis.csv")]))
    told = "".join(stream.getvalue().split())
    assert "S006_export_prix_20260111_bis.csv" in told


def test_amounts_carry_their_currency_and_instants_the_house_zone() -> None:
    assert amount(Decimal("744370.46"), "EUR") == f"744{THIN}370{THIN}EUR"
    paris = ZoneInfo("Europe/Paris")
    assert moment(datetime(2026, 1, 5, 22, tzinfo=UTC), paris) == "2026-01-05 23:00"
    assert moment(datetime(9999, 12, 31, tzinfo=UTC), paris) == ""
    assert moment(None, paris) == ""


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 livraison"), (1, "1 livraison"), (2, "2 livraisons")]
)
def test_french_counts_in_the_plural_from_two_on(count: int, text: str) -> None:
    assert plural(count, "livraison") == text
