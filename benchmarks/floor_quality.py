"""The floor of W4: COPY of texts, six rules and the split in hand-written SQL.

`python -m benchmarks.floor_quality PRODUCTS CATEGORIES` on the database that the PG* variables
name.  It gives one reason a row, the first; it keeps no sealed copy, no cleanings, no history.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

from benchmarks.floor import copy, phase, print_phases, run


def main(arguments: list[str]) -> None:
    """Judge one file in one transaction."""
    products, categories = map(Path, arguments)
    seconds: dict[str, float] = {}
    with psycopg.connect(options="-c timezone=UTC") as connection:
        run(connection, "floor_session")
        with phase(seconds, "copy"):
            run(connection, "floor_quality_categories")
            copy(connection, "floor_quality_categories_copy", categories)
            run(connection, "floor_quality_stage")
            copy(connection, "floor_quality_copy", products)
            run(connection, "floor_quality_analyze")
        with phase(seconds, "rules"):
            run(connection, "floor_quality_verdicts")
        with phase(seconds, "split"):
            run(connection, "floor_quality_bad")
            run(connection, "floor_quality_bad_analyze")
            run(connection, "floor_quality_rejected")
            run(connection, "floor_quality_accepted")
    print_phases(seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
