"""The floor of the history workloads: only what changed is found, then written.

Runs as a process of its own, `python -m benchmarks.floor_history day|part|again FILE...`, after
`benchmarks.floor` on the same database; prints the seconds of its phases and, for each file, what
it took inside the process.  Like the first floor it knows nothing of the warehouse: no receipt, no
sealed copy, no verdicts, no change log, no late statement, no version that was believed before.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.days import DAY_ONE
from benchmarks.floor import copy, phase, print_phases, run, statement
from benchmarks.measure import inside, print_inside

if TYPE_CHECKING:
    from benchmarks.floor import Connection


def load_day(connection: Connection, file: Path, seconds: dict[str, float]) -> None:
    """A full delivery: what is absent from it is gone."""
    with phase(seconds, "copy"):
        run(connection, "floor_product_stage")
        copy(connection, "floor_product_copy", file)
        run(connection, "floor_stage_analyze")
    with phase(seconds, "difference"):
        run(connection, "floor_delta_full")
        run(connection, "floor_delta_analyze")
    _apply(connection, seconds)


def load_part(connection: Connection, file: Path, seconds: dict[str, float]) -> None:
    """A delivery of some products; without statistics, which cost more than they bring."""
    with phase(seconds, "copy"):
        run(connection, "floor_product_stage")
        copy(connection, "floor_product_copy", file)
    with phase(seconds, "difference"):
        run(connection, "floor_delta_part")
    _apply(connection, seconds)


def load_again(connection: Connection, file: Path, seconds: dict[str, float]) -> None:
    """Order lines of which the facts may know some, here all of them."""
    with phase(seconds, "copy"):
        run(connection, "floor_line_stage")
        copy(connection, "floor_line_copy", file)
        run(connection, "floor_line_analyze_key")
    with phase(seconds, "apply"):
        run(connection, "floor_line_more")
        run(connection, "floor_line_drop")


def _apply(connection: Connection, seconds: dict[str, float]) -> None:
    day: dict[str, Any] = {"day": DAY_ONE}
    with phase(seconds, "apply"):
        run(connection, "floor_delta_texts")
        connection.execute(statement("floor_delta_close"), day)
        run(connection, "floor_delta_open")
        connection.execute(statement("floor_delta_gone"), day)
        run(connection, "floor_delta_drop")


def main(arguments: list[str]) -> None:
    """Load each file in a connection and a transaction of its own."""
    load = {"day": load_day, "part": load_part, "again": load_again}[arguments[0]]
    seconds: dict[str, float] = {}
    took = []
    for name in arguments[1:]:
        with (
            inside() as one,
            psycopg.connect(options="-c timezone=UTC") as connection,
        ):
            run(connection, "floor_session")
            load(connection, Path(name), seconds)
        took.append(one)
    print_phases(seconds)
    print_inside(took)


if __name__ == "__main__":
    main(sys.argv[1:])
