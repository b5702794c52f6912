"""Frames of text columns out of CSV records: by polars where the index vouches, else by hand.

An empty cell is "", quoted or not; only a column that the file has not is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.sources.readers.model import LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from shopnow.sources.readers.csv_header import Columns


class FrameBuilder:
    """Makes the frames of one file: `_line`, then the wanted columns in their order."""

    def __init__(
        self, columns: Columns, wanted: Sequence[str], delimiter: str, quote: str | None
    ) -> None:
        """`columns` tells where each name of `wanted` stands."""
        self._width = columns.width
        self._places = {name: columns.places[name] for name in dict.fromkeys(wanted)}
        self._delimiter = delimiter
        self._quote = quote
        used = sorted({place for place in self._places.values() if place is not None})
        self._used = [f"c{place}" for place in used]
        names = [f"c{place}" for place in range(columns.width)]
        # Our own first line keeps polars from sniffing a compression or a BOM in the data.
        self._first_line = delimiter.join(names).encode() + b"\n"
        self._schema = dict.fromkeys(names, pl.String)

    def parsed(
        self, pieces: Iterable[bytes | memoryview], lines: NDArray[np.int64]
    ) -> pl.DataFrame | None:
        """Return the frame of the records in `pieces`, None when polars sees it otherwise."""
        if not self._used or not len(lines):
            return self._framed(dict.fromkeys(self._used, pl.Series([], dtype=pl.String)), lines)
        try:
            frame = pl.read_csv(
                b"".join((self._first_line, *pieces)),
                schema=self._schema,
                columns=self._used,
                separator=self._delimiter,
                quote_char=self._quote,
                empty_string_is_null=False,
                glob=False,
            )
        except pl.exceptions.PolarsError:
            return None
        if frame.height != len(lines):
            return None
        return self._framed(frame.to_dict(), lines)

    def built(self, rows: Sequence[Sequence[bytes]], lines: Sequence[int]) -> pl.DataFrame:
        """Return the frame of records that were split by hand."""
        texts = {}
        for name in self._used:
            place = int(name[1:])
            cells = pl.Series([row[place] for row in rows], dtype=pl.Binary)
            texts[name] = cells.cast(pl.String)
        return self._framed(texts, np.array(lines, np.int64))

    def _framed(self, texts: Mapping[str, pl.Series], lines: NDArray[np.int64]) -> pl.DataFrame:
        series = [pl.Series(LINE, lines, dtype=pl.Int64)]
        for name, place in self._places.items():
            if place is None:
                series.append(pl.repeat(None, len(lines), dtype=pl.String, eager=True).alias(name))
            else:
                series.append(texts[f"c{place}"].alias(name))
        return pl.DataFrame(series)
