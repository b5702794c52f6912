"""The floor: COPY into an unlogged staging table, then hand-written set-based SQL.

Runs as a process of its own, `python -m benchmarks.floor products|lines FILE`, on the database
that the PG* variables name; prints the seconds of its phases as one JSON line.  It knows nothing
of the warehouse and keeps none of its promises: no receipt, no sealed copy, no rejects, no
lineage, no change log, no pseudonyms, no marts.  With FLOOR_CONSTRAINTS=1 its tables carry the
constraints that the warehouse's have.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator


Connection = psycopg.Connection[tuple[object, ...]]

CONSTRAINTS: Final = "FLOOR_CONSTRAINTS"
PHASES: Final = "PHASES "
_BLOCK: Final = 1 << 20


def load_products(connection: Connection, file: Path, seconds: dict[str, float]) -> None:
    """The first load of a type-2 dimension with its key and one current row a product."""
    with phase(seconds, "copy"):
        run(connection, "floor_product_stage")
        copy(connection, "floor_product_copy", file)
    with phase(seconds, "apply"):
        run(connection, "floor_product_table")
        if constrained():
            run(connection, "floor_product_next")
        run(connection, "floor_product_insert")
        run(connection, "floor_product_drop")
    with phase(seconds, "index"):
        run(connection, "floor_product_key")
        run(connection, "floor_product_current")
        if constrained():
            run(connection, "floor_product_chain")
            run(connection, "floor_product_chain_key")
        run(connection, "floor_product_analyze")


def load_lines(connection: Connection, file: Path, seconds: dict[str, float]) -> None:
    """The first load of a fact table whose keys are those of the order's time."""
    with phase(seconds, "copy"):
        run(connection, "floor_line_stage")
        copy(connection, "floor_line_copy", file)
        run(connection, "floor_line_analyze")
    with phase(seconds, "apply"):
        run(connection, "floor_line_table")
        run(connection, "floor_line_insert")
        run(connection, "floor_line_drop")
    with phase(seconds, "index"):
        run(connection, "floor_line_key")
        if constrained():
            run(connection, "floor_line_promises")
            run(connection, "floor_line_index")


def constrained() -> bool:
    """True when this is the floor whose tables carry the warehouse's constraints."""
    return bool(os.environ.get(CONSTRAINTS))


def run(connection: Connection, name: str) -> None:
    """Run the statement of `sql/<name>.sql`."""
    connection.execute(statement(name))


def statement(name: str) -> bytes:
    """The text of `sql/<name>.sql`."""
    return Path(__file__).with_name("sql").joinpath(f"{name}.sql").read_bytes()


def copy(connection: Connection, name: str, file: Path) -> None:
    """Send the bytes of a file through a COPY statement."""
    with (
        file.open("rb", buffering=0) as stream,
        connection.cursor() as cursor,
        cursor.copy(statement(name)) as target,
    ):
        while block := stream.read(_BLOCK):
            target.write(block)


@contextmanager
def phase(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the wall time of a block to `seconds[name]`."""
    begin = time.perf_counter()
    yield
    seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - begin


def main(arguments: list[str]) -> None:
    """Load one file in one transaction."""
    load = {"products": load_products, "lines": load_lines}[arguments[0]]
    seconds: dict[str, float] = {}
    with psycopg.connect(options="-c timezone=UTC") as connection:
        load(connection, Path(arguments[1]), seconds)
    print_phases(seconds)


def print_phases(seconds: dict[str, float]) -> None:
    """Tell on the standard output what each phase took."""
    print(PHASES + json.dumps({name: round(value, 3) for name, value in seconds.items()}))


if __name__ == "__main__":
    main(sys.argv[1:])
