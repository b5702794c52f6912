"""A page of a workbook: texts and numbers with a look, columns with a width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Look = Literal["plain", "title", "head", "theirs", "bad", "warn", "wrong", "mute", "bold", "strong"]
LOOKS: tuple[Look, ...] = (
    "plain", "title", "head", "theirs", "bad", "warn", "wrong", "mute", "bold", "strong",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; a text is always a text, whatever it begins with."""

    value: str | int
    look: Look = "plain"
    # Columns it takes; the cells that it covers are not given.
    span: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet; `widths` in characters, `frozen`: rows and columns that stay in sight.

    `filtered`: row (from 1) of the headings that get filters, 0 for none.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    frozen: tuple[int, int] = (0, 0)
    filtered: int = 0
    # Whether it is printed as wide as the paper; a page of many columns would not be readable.
    fits: bool = False
