"""The import: four tables of the former warehouse become four deliveries like any other.

Sealed, judged, conserved, traceable and idempotent, because the pipeline is the only way in: here
the tables are only found, dated and handed over.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

import polars as pl

from shopnow.kernel import Sql, UsageError, connect
from shopnow.pipeline.legacy.audit import audit
from shopnow.pipeline.legacy.dates import first_facts, times_of, write_first_facts
from shopnow.pipeline.legacy.model import COLUMNS, KEYS, LAYOUTS, TIMES, LegacyImport, LegacyTable
from shopnow.pipeline.legacy.tables import extract_tables, find_tables, kind_of_place
from shopnow.pipeline.receipt import receive
from shopnow.quality import clean_text
from shopnow.sources import read_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source

SQL = Sql(__package__)
# What every former producer sold in (payloads.md, P1 to P8); the old tables do not say it.
CURRENCY: Final = "USD"
_ISO_4217: Final = re.compile("[A-Z]{3}")
_SCRATCH: Final = "import-legacy-"
_SUFFIXES: Final = {",": "", ";": "-semicolon", "\t": "-tab", "|": "-pipe"}
_LEFT_OVER_SECONDS: Final = 3600
_AT_ONCE: Final = 100_000


def import_legacy(
    context: Context,
    where: str,
    *,
    snapshot_at: datetime | None = None,
    currency: str = CURRENCY,
    schema: str | None = None,
    keep_repeats: bool = False,
    only_audit: bool = False,
    progress: Callable[[str], None] | None = None,
) -> LegacyImport:
    """Hand the four tables of `where` (a folder or a connection string) over to the pipeline.

    `snapshot_at`: when the copy was made; rows that no order dates are true from then, without it
    from the receipt.  Equal order lines are one line that was written again, each repeat a counted
    duplicate; with `keep_repeats` each is a line.  The same import again is four duplicates.
    With `only_audit` nothing is received.  A run of the conductor loads what was received.  Raises
    UsageError when a table or column is missing, UnreadableFile when a file cannot be read.
    """
    tell = progress or (lambda _: None)
    if not _ISO_4217.fullmatch(currency):
        raise UsageError(f"{currency!r} is no currency", "Write its ISO 4217 code, such as USD.")
    declared = {"currency": currency, "repeats": "keep" if keep_repeats else "replays"}
    with _copies(context, where, schema, declared) as copies:
        tell("lecture des quatre tables")
        frames = copies.frames(context)
        times = copies.times(context, frames)["fact_order"]
        figures = audit(frames, times)
        elsewhere = _orders_elsewhere(context, copies.sources["fact_order"], frames["fact_order"])
        if only_audit:
            return LegacyImport((), figures, elsewhere)
        receipts = []
        for name, table in copies.tables.items():
            paths = [table.path, *_dated(table, frames, times, copies.folder)]
            source = copies.sources[name]
            receipts.append((name, receive(context, source, paths, effective_at=snapshot_at)))
    return LegacyImport(tuple(receipts), figures, elsewhere)


def _orders_elsewhere(context: Context, source: Source, orders: pl.DataFrame) -> int:
    """How many orders came by another way too: their lines would count twice."""
    ids = clean_text(orders["order_id"]).unique().drop_nulls()
    named = [f"{source.order_namespace}:{order}" for order in ids.to_list()]
    found = 0
    with connect(context.settings) as conn:
        for first in range(0, len(named), _AT_ONCE):
            part = {"orders": named[first : first + _AT_ONCE]}
            row = conn.execute(SQL["orders_elsewhere"], part).fetchone()
            found += row[0] if row else 0
    return found


def read_copy(
    context: Context, where: str, *, schema: str | None
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.Series]]:
    """The four tables as text, and the times of the facts in UTC, by table."""
    declared = {"currency": CURRENCY, "repeats": "replays"}
    with _copies(context, where, schema, declared) as copies:
        frames = copies.frames(context)
        return frames, copies.times(context, frames)


@dataclass(frozen=True, slots=True)
class _Copies:
    """The tables as files for as long as they are needed, and the sources to read them through."""

    tables: Mapping[str, LegacyTable]
    sources: Mapping[str, Source]
    folder: Path

    def frames(self, context: Context) -> dict[str, pl.DataFrame]:
        return {name: _frame(context, self.sources[name], self.tables[name]) for name in COLUMNS}

    def times(self, context: Context, frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.Series]:
        now = context.clock.now()
        return {
            name: times_of(frames[name][column], self.sources[name], now)
            for name, column in TIMES.items()
        }


@contextmanager
def _copies(
    context: Context, where: str, schema: str | None, declared: Mapping[str, str]
) -> Iterator[_Copies]:
    """Find the tables, or copy them off a server into a folder that does not outlive this."""
    home = context.settings.home
    _sweep(home)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=home) as scratch:
        folder = Path(scratch)
        if kind_of_place(where) == "server":
            tables = extract_tables(where, schema, folder)
        else:
            tables = find_tables(Path(where))
        sources = {
            name: _learnt(context, table, folder, declared) for name, table in tables.items()
        }
        yield _Copies(tables, sources, folder)


def _sweep(home: Path) -> None:
    """A copy that a killed import left behind holds people's data: it does not stay."""
    limit = time.time() - _LEFT_OVER_SECONDS
    for left in home.glob(f"{_SCRATCH}*"):
        if left.stat().st_mtime < limit:
            shutil.rmtree(left, ignore_errors=True)


def _learnt(
    context: Context, table: LegacyTable, folder: Path, declared: Mapping[str, str]
) -> Source:
    """The source for a table in this format; the home keeps it, so that runs and traces know it."""
    layout = files(__package__) / "layouts" / f"{LAYOUTS[table.name]}.yaml"
    suffix = "-parquet" if table.format == "parquet" else _SUFFIXES[table.delimiter]
    text = Template(layout.read_text(encoding="utf-8")).substitute(
        suffix=suffix,
        format=table.format,
        delimiter=table.delimiter.replace("\t", "tab"),
        **declared,
    )
    path = folder / f"{LAYOUTS[table.name]}.yaml"
    path.write_text(text, encoding="utf-8")
    return context.learn(path)


def _frame(context: Context, source: Source, table: LegacyTable) -> pl.DataFrame:
    """The readable rows of a table as the pipeline will read them, in text."""
    part = "members" if source.is_bundle else None
    with table.path.open("rb") as stream:
        chunks = read_chunks(stream, source, part, context.contracts.mandatory)
        frames = [chunk.frame.select(COLUMNS[table.name]) for chunk in chunks]
    nothing = pl.DataFrame(schema=dict.fromkeys(COLUMNS[table.name], pl.String))
    return pl.concat([nothing, *frames])


def _dated(
    table: LegacyTable, frames: Mapping[str, pl.DataFrame], times: pl.Series, folder: Path
) -> list[Path]:
    """The file that dates a dimension's rows, beside them in their delivery."""
    if table.name not in KEYS:
        return []
    key = KEYS[table.name]
    path = folder / table.name / "first_facts.csv"
    path.parent.mkdir()
    first = first_facts(frames[table.name], frames["fact_order"], times, key)
    write_first_facts(first, path, table.delimiter)
    return [path]
