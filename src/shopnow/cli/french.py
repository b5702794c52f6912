"""How the reports of operators and sellers look: French words, French numbers, plain tables.

In a pipe the page is 100 columns wide and free of colours; on a terminal it takes its width.
What draws it is imported where something is drawn: a command that reports JSON starts sooner.
"""

from __future__ import annotations

import sys
from itertools import accumulate
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Final

from shopnow.pipeline import (
    DIMENSIONS,
    FEEDS,
    KINDS,
    MOMENTS,
    OPEN_END,
    STATES,
    STATUSES,
    STEPS,
    amount,
    moment,
    number,
    plural,
    seconds,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

__all__ = [
    "DIMENSIONS",
    "FEEDS",
    "KINDS",
    "MOMENTS",
    "OPEN_END",
    "PAGE_WIDTH",
    "STATES",
    "STATUSES",
    "STEPS",
    "amount",
    "moment",
    "number",
    "paper",
    "plural",
    "prose",
    "seconds",
    "sheet",
]

PAGE_WIDTH: Final = 100


def paper() -> Console:
    """Return the page that reports are printed on."""
    from rich.console import Console  # noqa: PLC0415

    width = None if sys.stdout.isatty() else PAGE_WIDTH
    return Console(highlight=False, width=width)


def prose(page: Console, text: str, indent: str = "") -> None:
    """Print a paragraph (with markup); lines break at plain spaces only, never inside `1 234`."""
    from rich.text import Text  # noqa: PLC0415

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
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

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
