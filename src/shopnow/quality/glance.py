"""What a column of text shows at a glance: sums tell which checks have anything to find.

Nearly every column of a chunk is as it should be; sums and extremes say so for less than any check
that looks at the values one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl
    from polars._typing import PythonLiteral

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


def glance(values: pl.Series) -> Glance:
    """A glance at one column of text."""
    sizes, height = values.str.len_bytes(), len(values)
    different = 0
    if height >= MANY:
        different = _different(values.gather_every(_step(height)).n_unique(), height)
    return Glance(
        values.null_count(),
        int(sizes.sum()),
        int(values.str.len_chars().sum()),
        _number(sizes.min()),
        _number(sizes.max()),
        different,
    )


def _number(found: PythonLiteral | None) -> int:
    return found if isinstance(found, int) else 0


def _step(height: int) -> int:
    return max(1, height // _SAMPLE)


def _different(found: int, height: int) -> int:
    """About how many values differ of `height`, by how many did in a sample of them.

    Where most of the sample differ, by how often two fell together: as birthdays in a year.
    """
    sample = len(range(0, height, _step(height)))
    if found * 2 < sample:
        return found
    return height if found == sample else min(height, sample**2 // (2 * (sample - found)))
