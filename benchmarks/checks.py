"""What a correct load must hold, read back from the tables and compared with the files.

The same questions for every contender: each product exactly once and as the file says it, each
line with its amounts and the version that was true when it was ordered, no cent lost.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from benchmarks.arena import SQL
from benchmarks.floor import copy
from shopnow.kernel import connect

if TYPE_CHECKING:
    import psycopg

    from benchmarks.generate import Files
    from shopnow.kernel import Settings

_CENTS: Final = 100


class WrongResultError(Exception):
    """A table that does not hold what the file says."""


def check_floor(settings: Settings, files: Files) -> None:
    """Raise WrongResultError when the floor's tables do not hold what the files say."""
    with connect(settings, None) as connection:
        _truth(connection, files)
        none_differ(connection, "check_floor_products", "products that differ")
        if files.lines is None:
            return
        none_differ(connection, "check_floor_lines", "lines that differ")
        _counts(connection, "count_floor", files, inferred=0)
        _money(connection, "money_floor", files)


def check_warehouse(settings: Settings, files: Files) -> None:
    """Raise WrongResultError when the warehouse does not hold what the files say."""
    with connect(settings, None) as connection:
        _truth(connection, files)
        none_differ(connection, "count_deliveries", "deliveries not published whole")
        none_differ(connection, "check_warehouse_products", "products that differ")
        inferred = files.expected.unknown_products
        _counts(connection, "count_warehouse", files, inferred=inferred)
        if files.lines is None:
            return
        none_differ(connection, "check_warehouse_lines", "lines that differ")
        _money(connection, "money_warehouse", files)
        _money(connection, "money_mart", files)


def lines_checked(connection: psycopg.Connection[Any], contender: str, files: Files) -> None:
    """Raise WrongResultError when the lines are not in the facts once, with their versions."""
    connection.execute(SQL["truth_line"])
    if files.lines is not None:
        copy(connection, "floor_line_copy", files.lines)
    none_differ(connection, f"check_{contender}_lines", "lines that differ")
    row = connection.execute(SQL[f"count_{contender}"]).fetchone()
    if row is None or row[-1] != files.sizes.lines:
        raise WrongResultError(f"{row and row[-1]} lines, wanted {files.sizes.lines}")


def _truth(connection: psycopg.Connection[Any], files: Files) -> None:
    connection.execute(SQL["truth_product"])
    copy(connection, "floor_product_copy", files.products)
    connection.execute(SQL["truth_line"])
    if files.lines is not None:
        copy(connection, "floor_line_copy", files.lines)
    connection.execute(SQL["truth_analyze"])


def none_differ(connection: psycopg.Connection[Any], name: str, what: str) -> None:
    """Raise WrongResultError unless the count that a statement gives is 0."""
    row = connection.execute(SQL[name]).fetchone()
    found = row[0] if row else None
    if found != 0:
        raise WrongResultError(f"{found} {what} ({name})")


def _counts(connection: psycopg.Connection[Any], name: str, files: Files, *, inferred: int) -> None:
    versions = files.sizes.products + inferred
    wanted = (versions, versions, inferred, files.sizes.lines)
    found = connection.execute(SQL[name]).fetchone()
    if found != wanted:
        raise WrongResultError(f"versions, current, inferred, lines are {found}, wanted {wanted}")


def _money(connection: psycopg.Connection[Any], name: str, files: Files) -> None:
    found = dict(connection.execute(SQL[name]).fetchall())
    wanted = {code: Decimal(cents) / _CENTS for code, cents in files.expected.cents.items()}
    if found != wanted:
        raise WrongResultError(f"amounts by currency are {found}, wanted {wanted} ({name})")
