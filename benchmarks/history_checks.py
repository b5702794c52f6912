"""What correct histories hold, computed from the files and compared version by version.

The same question for both contenders: every version with its times and texts and no other; every
order line once, with the version of its time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.arena import SQL
from benchmarks.checks import WrongResultError, lines_checked, none_differ
from benchmarks.days import DAY_ONE
from benchmarks.floor import copy
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from benchmarks.changes import Counted
    from benchmarks.generate import Files
    from shopnow.kernel import Settings


def check_versions(
    settings: Settings,
    contender: str,
    first: Files,
    second: Path | Sequence[Path],
    counted: Counted,
    *,
    whole: bool,
) -> None:
    """Raise WrongResultError when the versions are not those that the files make.

    `whole`: what is absent from the second day's file is gone.
    """
    later = [second] if isinstance(second, Path) else second
    with connect(settings, None) as connection:
        _read(connection, [first.products])
        connection.execute(SQL["truth_before"])
        _read(connection, later)
        connection.execute(SQL["expected_versions"], {"day": DAY_ONE, "whole": whole})
        connection.execute(SQL[f"held_{contender}"])
        none_differ(connection, "versions_differ", "versions that differ")
        products = first.sizes.products
        wanted = (
            products + counted.type_2 + counted.new + counted.gone,
            products + counted.new - counted.gone,
        )
        found = connection.execute(SQL["count_versions"]).fetchone()
        if found != wanted:
            raise WrongResultError(f"versions, products there are {found}, wanted {wanted}")
        if contender == "warehouse":
            none_differ(connection, "count_outcomes", "deliveries not published whole")


def check_lines(settings: Settings, contender: str, files: Files) -> None:
    """Raise WrongResultError when the lines, loaded twice, are not in the facts once and right."""
    with connect(settings, None) as connection:
        lines_checked(connection, contender, files)
        if contender == "warehouse":
            none_differ(connection, "count_outcomes", "deliveries not published whole")


def _read(connection: psycopg.Connection[Any], files: Sequence[Path]) -> None:
    connection.execute(SQL["truth_product"])
    for file in files:
        copy(connection, "floor_product_copy", file)
