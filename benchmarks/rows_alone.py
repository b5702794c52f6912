"""`python -m benchmarks.rows_alone`: what the rows of a load cost by themselves, beside the floor.

Every row that a load of the warehouse wrote outside staging, made ready beforehand, goes by binary
COPY into empty tables with the same columns and checks; their indexes are built afterwards; two
sessions share the tables.  Nothing is read from a file, sealed, judged or looked up: no load into
these tables can be quicker on this machine, whatever its client does.  Tables that held other rows
before the load are left out, so that the figure is too small rather than too large.
"""

from __future__ import annotations

import sys
import threading
from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, Final

from psycopg import sql

from benchmarks.arena import SQL, Arena, arena
from benchmarks.contenders import run_floor, run_warehouse
from benchmarks.evidence import Evidence, Figure, machine, write_evidence
from benchmarks.generate import generate
from benchmarks.history import FIRST_DAY, LINES, floor_two_days, warehouse_two_days
from benchmarks.history_files import two_days
from benchmarks.options import HISTORY_LINES
from benchmarks.products import Sizes
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from shopnow.kernel import Settings

SCHEMAS: Final = ("dwh", "history", "mart", "privacy", "quality", "security")
SESSIONS: Final = 2
# Smaller tables cost nothing that could be seen.
LEAST_ROWS: Final = 1_000
# Share of a table's rows that the load has to have written: the rest are members that always stand.
_WHOLE: Final = 0.99
_BLOCK: Final = 256 << 10
WHAT: Final = (
    "every row that a load writes, ready-made, by binary COPY in two sessions, indexes afterwards: "
    "no load into these tables can be quicker; times the floor of the same run"
)


@dataclass
class RowsAlone:
    """Called after each load of a warehouse: copies what the load wrote, and keeps the seconds."""

    place: Arena
    patience: float
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    _before: dict[tuple[str, str], int] = field(default_factory=dict)

    def __call__(self, workload: str, settings: Settings) -> None:
        """Measure the rows of the load that has just ended in this warehouse."""
        now = _inserted(settings)
        written = {name: count - self._before.get(name, 0) for name, count in now.items()}
        self._before = now
        tables = [name for name, rows in written.items() if rows >= LEAST_ROWS]
        folder = self.place.folder / "rows"
        folder.mkdir(exist_ok=True)
        with connect(settings, None) as conn:
            ready = [
                _made_ready(conn, folder, name)
                for name in tables
                if written[name] >= _WHOLE * _held(conn, name)
            ]
        self.place.settle(self.patience)
        self.rows[workload] = sum(table.rows for table in ready)
        self.seconds[workload] = _copied(settings, ready)
        with connect(settings, None) as conn:
            conn.execute(SQL["rows_schema_drop"])
        for table in ready:
            table.file.unlink()


@dataclass(frozen=True)
class Ready:
    """A table whose rows lie in a file, and what copies them."""

    file: Path
    rows: int
    copy: sql.Composable
    columns: sql.Composable
    indexes: tuple[str, ...]


def _inserted(settings: Settings) -> dict[tuple[str, str], int]:
    with connect(settings, None) as conn:
        found = conn.execute(SQL["rows_written"], {"schemas": [*SCHEMAS]}).fetchall()
    return {(schema, table): inserted for schema, table, inserted in found}


def _held(conn: psycopg.Connection, name: tuple[str, str]) -> int:
    row = conn.execute(SQL.compose("rows_counted", table=sql.Identifier(*name))).fetchone()
    return int(row[0]) if row else 0


def _made_ready(conn: psycopg.Connection, folder: Path, name: tuple[str, str]) -> Ready:
    """Write the rows of a table to a file and make the empty copy it goes into."""
    schema, table = name
    values = {"schema_name": schema, "table_name": table}
    names = [row[0] for row in conn.execute(SQL["rows_columns"], values)]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    copy = sql.Identifier("rows_alone", table)
    conn.execute(SQL["rows_schema"])
    conn.execute(SQL.compose("rows_table", copy=copy, table=sql.Identifier(*name)))
    file = folder / f"{schema}.{table}"
    out = SQL.compose("rows_out", columns=columns, table=sql.Identifier(*name))
    with file.open("wb") as target, conn.cursor().copy(out) as rows:
        for block in rows:
            target.write(block)
    indexes = tuple(row[0] for row in conn.execute(SQL["rows_indexes"], values))
    return Ready(file, _held(conn, name), copy, columns, indexes)


def _copied(settings: Settings, tables: Sequence[Ready]) -> float:
    """Seconds until every table is copied and indexed; the largest ones are begun first."""
    left = SimpleQueue[Ready]()
    for table in sorted(tables, key=lambda table: table.file.stat().st_size, reverse=True):
        left.put(table)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with connect(settings, None) as conn, suppress(Empty):
                while True:
                    table = left.get_nowait()
                    with conn.transaction():
                        _copy(conn, table)
        except BaseException as error:  # noqa: BLE001 — raised again below
            errors.append(error)

    sessions = [threading.Thread(target=work) for _ in range(SESSIONS)]
    begin = perf_counter()
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    if errors:
        raise errors[0]
    return perf_counter() - begin


def _copy(conn: psycopg.Connection, table: Ready) -> None:
    into = SQL.compose("rows_in", copy=table.copy, columns=table.columns)
    with table.file.open("rb") as source, conn.cursor().copy(into) as rows:
        while block := source.read(_BLOCK):
            rows.write(block)
    for statement in table.indexes:
        conn.execute(statement.encode())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and return its exit code."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=Sizes.products)
    parser.add_argument("--lines", type=int, default=HISTORY_LINES)
    parser.add_argument("--sellers", type=int, default=Sizes.sellers)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--output", type=Path, default=Path("build/evidence"))
    parser.add_argument("--patience", type=float, default=30.0)
    wanted = parser.parse_args(arguments)
    wanted.work = wanted.work.resolve()
    sizes = Sizes(wanted.products, wanted.lines, wanted.sellers)
    with arena(wanted.work, durable=True) as place:
        options = place.options()
        figures = [
            *_history(place, wanted.work / "data", sizes, wanted.patience),
            *_spine(place, wanted.work / "data", sizes, wanted.patience),
        ]
    for figure in figures:
        print(f"{figure.name:40} {figure.value:>14,} {figure.unit}")
    write_evidence(
        wanted.output / "bench-rows-alone.json",
        Evidence("bench-rows-alone", WHAT, "python -m benchmarks.rows_alone", figures,
                 datetime.now(UTC), machine(),
                 {"products": str(sizes.products), "lines": str(sizes.lines), **options}),
    )  # fmt: skip
    return 0


def _history(place: Arena, data: Path, sizes: Sizes, patience: float) -> list[Figure]:
    files = two_days(data, sizes)
    floor = {
        load.workload: load.seconds for load in floor_two_days(place, files, "floor", patience)
    }
    alone = RowsAlone(place, patience)
    loads = warehouse_two_days(place, files, "days", patience, after_load=alone)
    took = {load.workload: load.seconds for load in loads}
    return [
        figure
        for workload in (FIRST_DAY, LINES)
        for figure in _figures(workload, alone, floor[workload], took[workload])
    ]


def _spine(place: Arena, data: Path, sizes: Sizes, patience: float) -> list[Figure]:
    files = generate(data, Sizes(sizes.products, sizes.products, sizes.sellers))
    floor = run_floor(place, files, "spine_floor", patience, constrained=False)
    alone = RowsAlone(place, patience)
    lap = run_warehouse(place, files, "spine", patience, after_load=alone)
    whole = RowsAlone(place, patience, {"spine": sum(alone.seconds.values())},
                      {"spine": sum(alone.rows.values())})  # fmt: skip
    return _figures("spine", whole, floor.wall_seconds, lap.wall_seconds)


def _figures(workload: str, alone: RowsAlone, floor: float, took: float) -> list[Figure]:
    name = workload.replace(" ", "_")
    seconds = alone.seconds[workload]
    return [
        Figure(f"{name}_rows", alone.rows[workload], "rows"),
        Figure(f"{name}_rows_alone_seconds", round(seconds, 2), "s"),
        Figure(f"{name}_floor_seconds", round(floor, 2), "s"),
        Figure(f"{name}_warehouse_seconds", round(took, 2), "s"),
        Figure(f"{name}_rows_alone_ratio", round(seconds / floor, 2), "ratio"),
        Figure(f"{name}_warehouse_ratio", round(took / floor, 2), "ratio"),
        Figure(f"{name}_warehouse_to_rows_alone", round(took / seconds, 2), "ratio"),
    ]


if __name__ == "__main__":
    sys.exit(main())
