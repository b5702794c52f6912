"""All the columns of a workbook or a Parquet file, also those that its source does not read.

A load reads what it needs; an answer shows the sender's lines as they are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import fastexcel
import polars as pl

from shopnow.sources import Field, wanted_paths

if TYPE_CHECKING:
    from typing import BinaryIO

    from shopnow.sources import Source


def all_columns(source: Source, stream: BinaryIO) -> list[str]:
    """The names in the header of a file that was read before, each once; [] for other formats.

    Text has its header in its first lines, documents have none.
    """
    if source.format == "parquet":
        return list(pl.read_parquet_schema(stream))
    if source.format != "xlsx":
        return []
    place = source.dialect
    sheet = fastexcel.read_excel(stream.read()).load_sheet(
        place.sheet if place.sheet is not None else 0,
        header_row=None,
        skip_rows=0,
        n_rows=place.header_line,
        dtypes="string",
    )
    names = [(name or "").strip() for name in sheet.to_polars().row(place.header_line - 1)]
    counts = Counter(names)
    return [name for name in names if name and counts[name] == 1]


def widened(source: Source, part: str | None, names: list[str]) -> Source:
    """The source as if it read every column of `names`; its records say nothing more."""
    roots, _, _ = wanted_paths(source, part)
    more = {f"_sent {name}": Field(paths=(name,)) for name in names if name not in roots}
    if not more:
        return source
    first = source.records_of(part)[0]
    wide = replace(first, fields={**first.fields, **more})
    return replace(source, records=tuple(wide if r is first else r for r in source.records))
