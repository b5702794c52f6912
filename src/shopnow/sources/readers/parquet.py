"""Parquet files as chunks of text rows.

Types are given up on purpose: the contract alone decides what a column is, as for every other
format. A row's `_line` is its number from 1, because there is no header line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import polars as pl

from shopnow.sources.readers import refusals
from shopnow.sources.readers.model import LINE, RawChunk, RawLines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from shopnow.sources.readers.model import UnreadableFile

CHUNK_ROWS: Final = 100_000
MAGIC: Final = b"PAR1"


@dataclass(frozen=True, slots=True)
class FrameRows(RawLines):
    """Raw lines of a file that has none: the row's wanted cells as one JSON object."""

    frame: pl.DataFrame

    def get(self, line_no: int) -> bytes:
        """Return row `line_no` as JSON; KeyError when it is not of this chunk."""
        at = int(self.frame[LINE].search_sorted(line_no))
        if at == self.frame.height or self.frame[LINE][at] != line_no:
            raise KeyError(line_no)
        cells = self.frame.drop(LINE).row(at, named=True)
        return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()


def read_parquet(
    source: Path | BinaryIO,
    wanted: Sequence[str],
    required: Collection[str] = (),
    chunk_rows: int = CHUNK_ROWS,
) -> Iterator[RawChunk]:
    """Give the rows of a Parquet file, `chunk_rows` at a time, every wanted column as text.

    `source`: a path or a seekable stream. `_line`: row number from 1. Dates and times are ISO
    8601, floats their shortest exact text, decimals with their scale, booleans true and false,
    lists and structs JSON, binary that is no UTF-8 hexadecimal. A null cell is "" (present,
    without value); a wanted column that the file has not is all null.
    Raises UnreadableFile: empty_file, binary_file, corrupt_file, missing_column.
    """
    _refuse_other_format(source)
    # A scan of a stream reads all of it from where it stands: once is enough, and several scans
    # follow. The bytes are the compressed ones.
    file = source if isinstance(source, Path) else source.read()
    try:
        schema = pl.scan_parquet(file).collect_schema()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as broken:
        raise refusals.corrupt_file("Parquet", "son pied de page est illisible") from broken
    missing = [name for name in required if name not in schema]
    asked = list(dict.fromkeys(wanted))
    if missing or (asked and not any(name in schema for name in asked)):
        raise refusals.missing_columns(missing or asked, schema.names(), None)
    texts = [as_text(name, schema.get(name)) for name in asked]
    names = tuple(schema.names())
    first = 1
    for rows in _batches(file, [name for name in asked if name in schema], chunk_rows):
        yield _chunk(rows, texts, first, names if first == 1 else ())
        first += rows.height
    if first == 1:
        yield _chunk(pl.DataFrame(schema=schema), texts, first, names)


def _batches(
    source: Path | bytes, columns: Sequence[str], chunk_rows: int
) -> Iterator[pl.DataFrame]:
    """Give the rows in order; refuse the file when fewer can be read than its footer promises."""
    given = promised = 0
    try:
        scan = pl.scan_parquet(source)
        promised = scan.select(pl.len()).collect().item()
        # With no column wanted, one is read all the same: its rows are what is counted.
        scan = scan.select(columns or scan.collect_schema().names()[:1])
        for part in scan.collect_batches(chunk_size=chunk_rows, maintain_order=True):
            for rows in part.iter_slices(chunk_rows):
                yield rows
                given += rows.height
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as broken:
        raise _unreadable_after(given) from broken
    # A panic in a thread of the scan ends the batches without a word: only the count shows it.
    if given != promised:
        raise _unreadable_after(given)


def _unreadable_after(given: int) -> UnreadableFile:
    return refusals.corrupt_file("Parquet", f"les données sont illisibles après la ligne {given}")


def _chunk(
    rows: pl.DataFrame, texts: Sequence[pl.Expr], first: int, names: tuple[str, ...]
) -> RawChunk:
    numbers = pl.int_range(first, first + rows.height, dtype=pl.Int64, eager=True).alias(LINE)
    frame = rows.with_columns(numbers).select(LINE, *texts)
    return RawChunk(frame, None, (), frame.height, 0, FrameRows(frame), names)


def as_text(name: str, dtype: pl.DataType | None) -> pl.Expr:
    """Return the expression that gives column `name` of type `dtype` as text."""
    column = pl.col(name)
    if dtype is None:
        return pl.lit(None, dtype=pl.String).alias(name)
    if isinstance(dtype, pl.Datetime):
        text = column.dt.strftime("%Y-%m-%dT%H:%M:%S%.f" + ("%:z" if dtype.time_zone else ""))
    elif isinstance(dtype, pl.Duration):
        text = column.dt.to_string("iso")
    elif isinstance(dtype, pl.Binary):
        text = column.map_batches(_binary_text, return_dtype=pl.String)
    elif dtype.is_nested():
        text = pl.when(column.is_not_null()).then(_json_text(name))
    else:
        text = column.cast(pl.String)
    return text.fill_null("").alias(name)


def _binary_text(values: pl.Series) -> pl.Series:
    # Old writers store text without saying so; what is no text is shown as hexadecimal.
    return pl.Series(
        [None if value is None else _text_or_hex(value) for value in values], dtype=pl.String
    )


def _text_or_hex(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def _json_text(name: str) -> pl.Expr:
    # Polars writes JSON for structs only: wrap the value, then take the wrapping off.
    wrapped = pl.struct(pl.col(name).alias("v")).struct.json_encode()
    return wrapped.str.slice(len('{"v":')).str.head(-1)


def _refuse_other_format(source: Path | BinaryIO) -> None:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            head = stream.read(len(MAGIC))
    else:
        head = source.read(len(MAGIC))
        source.seek(0)
    if not head:
        raise refusals.empty_file()
    if head != MAGIC:
        raise refusals.corrupt_file("Parquet", "il ne commence pas par la marque PAR1")
