"""How the reports of operators and sellers look: French words, French numbers, plain tables.

In a pipe the page is 100 columns wide and free of colours; on a terminal it takes its width.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import accumulate
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from zoneinfo import ZoneInfo

PAGE_WIDTH: Final = 100
OPEN_END: Final = datetime(9999, 12, 31, tzinfo=UTC)
_THIN: Final = "\u202f"

STATES: Final = {
    "received": "reçue",
    "staged": "lue",
    "checked": "jugée",
    "normalised": "normalisée",
    "dimensions loaded": "dimensions chargées",
    "facts loaded": "faits chargés",
    "published": "publiée",
    "refused": "refusée",
    "held": "retenue",
    "failed": "en échec",
}
FEEDS: Final = {
    "sellers": "vendeurs",
    "customers": "clients",
    "products": "produits",
    "offers": "offres",
    "orders": "commandes",
    "clickstream": "visites",
}
STEPS: Final = {
    1: "lecture",
    2: "contrôle",
    3: "normalisation",
    4: "dimensions",
    5: "faits",
    6: "publication",
}
KINDS: Final = {
    "order": "commande",
    "item": "ligne de commande",
    "payment": "paiement",
    "product": "produit",
    "offer": "offre",
    "click": "visite",
    "seller": "vendeur",
    "customer": "client",
    "reject": "rejet",
    "line": "ligne illisible",
}
DIMENSIONS: Final = {"seller": "vendeurs", "product": "produits", "customer": "clients"}


def paper() -> Console:
    """Return the page that reports are printed on."""
    width = None if sys.stdout.isatty() else PAGE_WIDTH
    return Console(highlight=False, width=width)


def prose(page: Console, text: str, indent: str = "") -> None:
    """Print a paragraph (with markup); lines break at plain spaces only, never inside `1 234`."""
    marked = Text.from_markup(text)
    wrapper = TextWrapper(
        width=page.width - len(indent),
        drop_whitespace=False,
        replace_whitespace=False,
        break_on_hyphens=False,
        break_long_words=False,
    )
    ends = list(accumulate(len(line) for line in wrapper.wrap(marked.plain)))
    for place, line in enumerate(marked.divide(ends[:-1])):
        line.rstrip()
        # A break leaves its space on either side.
        line = line[len(line.plain) - len(line.plain.lstrip(" ")) :] if place else line  # noqa: PLW2901
        margin = Text(" " * len(indent) if place else indent)
        page.print(margin + line, no_wrap=True, overflow="ignore", crop=False)


def sheet(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Return a table; `>` before a column's name sets it to the right, `=` keeps it on one line."""
    made = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
        pad_edge=False,
        header_style="dim",
    )
    for column in columns:
        right, kept = column.startswith(">"), column.startswith((">", "="))
        made.add_column(
            column[1:] if kept else column,
            justify="right" if right else "left",
            no_wrap=kept,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    return made


def number(value: int | None) -> str:
    """Write a whole number as the French do: 1 234 567; nothing for none.

    >>> number(1234567).split(chr(0x202f))
    ['1', '234', '567']
    """
    return "" if value is None else f"{value:,}".replace(",", _THIN)


def amount(value: Decimal, currency: str) -> str:
    """Write an amount with its currency, to the unit."""
    return f"{number(round(value))}{_THIN}{currency}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant to the minute, in the house zone; an open end has none."""
    if at is None or at >= OPEN_END:
        return ""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def seconds(value: float | None) -> str:
    """Write a duration: `0,35 s`, `12,4 s`, `3 min 05 s`.

    >>> seconds(0.345), seconds(12.41), seconds(185.2)
    ('0,34 s', '12,4 s', '3 min 05 s')
    """
    if value is None:
        return ""
    whole_minute = 60
    if value >= whole_minute:
        minutes, rest = divmod(round(value), whole_minute)
        return f"{minutes} min {rest:02d} s"
    digits = 2 if value < 10 else 1  # noqa: PLR2004 — three figures are enough
    return f"{value:.{digits}f} s".replace(".", ",")


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: `1 livraison`, `2 livraisons`."""
    noun = one if abs(count) < 2 else many or f"{one}s"  # noqa: PLR2004 — French: from two on
    return f"{number(count)} {noun}"
