"""What columns of text show at a glance: one query tells which checks have anything to find.

Nearly every column of a chunk is as it should be; sums and extremes say so for less than any check
that looks at the values one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

# From how many values on it is worth to know how many of them differ, and how many are looked at.
MANY, _SAMPLE = 1_000, 2_000


class Glance(NamedTuple):
    """Of one column: values absent, bytes and characters in all, bytes of the shortest and longest.

    `different`: about how many values differ, 0 in a short column.
    """

    absent: int
    size: int
    characters: int
    shortest: int
    longest: int
    different: int

    @property
    def is_ascii(self) -> bool:
        """True where no value has a character of more than one byte."""
        return self.size == self.characters

    @property
    def is_full(self) -> bool:
        """True where every value is there and none is empty; a blank is not empty."""
        return not self.absent and self.shortest > 0


def glances(columns: Iterable[pl.Series]) -> dict[str, Glance]:
    """A glance at each of some columns of text, by name; columns of another type have none."""
    frame = pl.DataFrame([column for column in columns if column.dtype == pl.String])
    if not frame.width:
        return {}
    names, is_long = frame.columns, frame.height >= MANY
    sizes = pl.col(names).str.len_bytes()
    questions = [
        pl.col(names).null_count(),
        sizes.sum(),
        pl.col(names).str.len_chars().sum(),
        sizes.min().fill_null(0),
        sizes.max().fill_null(0),
    ]
    sample = pl.col(names).gather_every(max(1, frame.height // _SAMPLE))
    if is_long:
        questions.append(sample.n_unique())
    asked = (question.name.prefix(str(at)) for at, question in enumerate(questions))
    told, count = frame.select(asked).row(0), len(names)
    found = {}
    for at, name in enumerate(names):
        absent, size, characters, shortest, longest, *several = told[at::count]
        different = _different(several[0], frame.height) if several else 0
        found[name] = Glance(absent, size, characters, shortest, longest, different)
    return found


def _different(found: int, height: int) -> int:
    """About how many values differ of `height`, by how many did in a sample of them.

    Where most of the sample differ, by how often two fell together: as birthdays in a year.
    """
    sample = len(range(0, height, max(1, height // _SAMPLE)))
    if found * 2 < sample:
        return found
    return height if found == sample else min(height, sample**2 // (2 * (sample - found)))


def glance(values: pl.Series) -> Glance:
    """A glance at one column of text."""
    return glances([values.alias("value")])["value"]
