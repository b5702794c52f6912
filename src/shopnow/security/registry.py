"""The registry: a seller's durable number, given once, found by identifier and time.

Protects isolation and history: seller_no is the key of every seller-owned row and is never
reused; an identifier that changes hands leads to another number from that time on.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import psycopg

SQL = Sql(__package__)
HOUSE = 0
UNKNOWN = -1
NOT_APPLICABLE = -2
_NUMBER = pl.Int32
_TIME = pl.Datetime("us", "UTC")


class Registry:
    """Numbers of one source system, read once and kept for the duration of an intake."""

    def __init__(self, conn: psycopg.Connection, system: str) -> None:
        """Read the identifiers of `system`."""
        self._conn = conn
        self._system = system
        self._know(self._read())

    def number(self, seller_id: str) -> int | None:
        """The number that an identifier leads to today, or None."""
        found = self._table.filter(pl.col("seller_id") == seller_id)
        return int(found["seller_no"][-1]) if found.height else None

    def identifiers(self, seller_no: int) -> frozenset[str]:
        """All identifiers of a seller in this system."""
        return frozenset(self._table.filter(pl.col("seller_no") == seller_no)["seller_id"])

    @property
    def has_periods(self) -> bool:
        """True where an identifier changed hands, so that its number depends on the time."""
        return self._has_periods

    def numbers(self, seller_ids: pl.Series, at: pl.Series | None) -> pl.Series:
        """Numbers of identifiers as of the records' times (UTC); absent or empty is the house.

        An unknown identifier gives -1: `register` it first.  No time without `has_periods`.
        """
        frame = pl.DataFrame({"seller_id": seller_ids})
        if self._has_periods:
            assert at is not None  # noqa: S101 — has_periods says so
            frame = self._as_of(frame.with_columns(at.alias("at")).with_row_index("row"))
        else:
            frame = frame.join(
                self._table.select("seller_id", "seller_no"),
                on="seller_id",
                how="left",
                maintain_order="left",
            )
        empty = pl.col("seller_id").is_null() | (pl.col("seller_id") == "")
        return frame.select(
            pl.when(empty)
            .then(pl.lit(HOUSE, dtype=_NUMBER))
            .otherwise(pl.col("seller_no").fill_null(UNKNOWN))
            .alias("seller_no")
        )["seller_no"]

    def near(self, seller_ids: pl.Series) -> pl.Series:
        """Those of `seller_ids` that another identifier equals but for its letter case."""
        known = self._table.select("seller_id", pl.col("seller_id").str.to_lowercase().alias("low"))
        said = pl.DataFrame({"said": seller_ids}).with_columns(
            pl.col("said").str.to_lowercase().alias("low")
        )
        other = said.join(known, on="low").filter(pl.col("said") != pl.col("seller_id"))
        return other["said"].unique(maintain_order=True)

    def register(self, seller_ids: pl.Series, opened_on: date) -> pl.Series:
        """Give numbers to identifiers that have none; returns those that were new.

        The caller holds the loader lock.
        """
        wanted = seller_ids.drop_nulls().unique(maintain_order=True)
        wanted = wanted.filter(wanted != "")
        unknown = wanted.filter(~wanted.is_in(self._table["seller_id"].implode()))
        if unknown.is_empty():
            return unknown
        with self._keys_by_index():
            opened = self._conn.execute(
                SQL["sellers_register"],
                {"source": self._system, "seller_ids": unknown.to_list(), "opened_on": opened_on},
            ).fetchall()
        # What is missing in the answer was given a number since the table was read.
        is_all = len(opened) == len(unknown)
        self._know(pl.concat([self._table, _identifiers(opened)]) if is_all else self._read())
        return unknown

    @contextmanager
    def _keys_by_index(self) -> Iterator[None]:
        """Within a transaction: the foreign key is checked by its index.

        A young registry is taken for a short one to read, and the session keeps that plan of the
        check: each new seller would cost as much as there are sellers.
        """
        row = self._conn.execute(SQL["keys_by_index"], {"may": "off"}).fetchone()
        assert row is not None  # noqa: S101 — a select without a table has one row
        yield
        self._conn.execute(SQL["keys_by_index"], {"may": row[0]})

    def _as_of(self, frame: pl.DataFrame) -> pl.DataFrame:
        matches = frame.join(self._table, on="seller_id", how="inner").filter(
            (pl.col("valid_from") <= pl.col("at")) & (pl.col("at") < pl.col("valid_to"))
        )
        return frame.join(
            matches.select("row", "seller_no"), on="row", how="left", maintain_order="left"
        )

    def _read(self) -> pl.DataFrame:
        # Four arrays: as rows, thousands of sellers took longer than a small delivery.
        values = {"source": self._system}
        columns = self._conn.execute(SQL["identifiers_read"], values).fetchone()
        assert columns is not None  # noqa: S101 — an aggregate has one row
        ids, begins, ends, numbers = columns
        return pl.DataFrame(
            [
                pl.Series("seller_id", ids, dtype=pl.String),
                pl.Series("valid_from", begins, dtype=pl.Int64).cast(_TIME),
                pl.Series("valid_to", ends, dtype=pl.Int64).cast(_TIME),
                pl.Series("seller_no", numbers, dtype=_NUMBER),
            ]
        )

    def _know(self, table: pl.DataFrame) -> None:
        self._table = table
        self._has_periods = bool(table["seller_id"].is_duplicated().any())


def _identifiers(rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """Rows as the database has them: identifier, from when to when, whose."""
    return pl.DataFrame(
        rows,
        schema={
            "seller_id": pl.String, "valid_from": _TIME, "valid_to": _TIME, "seller_no": _NUMBER,
        },
        orient="row",
    )  # fmt: skip
