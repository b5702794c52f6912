"""Rows in COPY's binary format: they stand in the table as the text format would have put them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, LiteralString

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from shopnow.kernel import connect
from shopnow.staging import copy_rows, store
from shopnow.staging.copybinary import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

TYPES: dict[str, LiteralString] = {
    "place": "bigint", "small": "smallint", "whole": "integer", "large": "bigint",
    "flag": "boolean", "words": "text", "day": "date",
    "at": "timestamp with time zone", "price": "numeric(18,6)", "share": "numeric(7,4)",
    "sealed": "bytea",
}  # fmt: skip
FRAME: dict[str, pl.DataType] = {
    "place": pl.Int64(), "small": pl.Int64(), "whole": pl.Int64(), "large": pl.Int64(),
    "flag": pl.Boolean(), "words": pl.String(), "day": pl.Date(),
    "at": pl.Datetime("us", "UTC"), "price": pl.String(), "share": pl.String(),
}  # fmt: skip
_TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
_AMOUNTS = st.decimals(-(10**9), 10**9, places=8).map(lambda amount: format(amount, "f"))
_SHARES = st.decimals(-999, 999, places=6).map(lambda amount: format(amount, "f"))
_ROW = st.tuples(
    st.none() | st.integers(-(2**15), 2**15 - 1),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.booleans(),
    st.none() | _TEXTS,
    st.none() | st.dates(date(1900, 1, 1), date(9999, 12, 31)),
    st.none() | st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)),  # noqa: DTZ001
    st.none() | _AMOUNTS | st.sampled_from(["0", "-0.0000005", "0.0000015", "12", "1.50", "-0"]),
    st.none() | _SHARES,
)


@pytest.fixture
def table(test_server: Settings) -> Iterator[psycopg.Connection]:
    """A temporary table of every type that is written in binary, on a connection of its own."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(written))
        for name, written in TYPES.items()
    )
    with connect(test_server, None) as conn, conn.transaction(force_rollback=True):
        conn.execute(sql.SQL("CREATE TEMPORARY TABLE kept ({})").format(columns))
        yield conn


def copied(conn: psycopg.Connection, rows: pl.DataFrame, least: int) -> list[tuple[object, ...]]:
    """What stands in the table after a copy, binary for so many rows and more; it is emptied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "BINARY_ROWS", least)
        copy_rows(conn, "pg_temp", "kept", rows)
    return conn.execute("WITH gone AS (DELETE FROM kept RETURNING *) SELECT * FROM gone ORDER BY 1"
                        ).fetchall()  # fmt: skip


@given(st.lists(_ROW, min_size=1, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_both_formats_put_the_same_rows(
    table: psycopg.Connection, rows: list[tuple[object, ...]]
) -> None:
    frame = framed(rows)
    typed = as_typed(frame, TYPES)
    assert typed is not None
    found = copied(table, frame, least=1)
    assert len(found) == len(rows)
    assert repr(found) == repr(copied(table, frame, least=10**9))


def framed(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """The rows with their place, times in UTC."""
    numbered = [
        (place, *(one.replace(tzinfo=UTC) if isinstance(one, datetime) else one for one in row))
        for place, row in enumerate(rows)
    ]
    return pl.DataFrame(numbered, schema=FRAME, orient="row")


def test_rows_of_several_pieces_all_arrive(table: psycopg.Connection) -> None:
    # More than one batch, from a frame of several parts that do not end where a batch does.
    part = framed([(1, 2, number, None, f"é{number}", None, None, "1.5", None)
                   for number in range(9_999)])  # fmt: skip
    frame = pl.concat([part, part, part], rechunk=False)
    found = copied(table, frame.with_columns(place=pl.int_range(len(frame))), least=1)
    assert [(row[3], row[5]) for row in found] == [
        (number, f"é{number}") for _ in range(3) for number in range(9_999)
    ]


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("small", pl.Int64, 40_000),
        ("whole", pl.Int64, 2**31),
        ("price", pl.String, "1e-7"),
        ("price", pl.String, "0." + "1" * 19),
        ("price", pl.String, "1" * 19),
        ("price", pl.String, " 1"),
        ("price", pl.String, "gratuit"),
        ("price", pl.Float64, 1.5),
        ("words", pl.Int64, 3),
        ("day", pl.String, "2026-01-05"),
        ("sealed", pl.Binary, b"x"),
        ("unknown", pl.String, "x"),
    ],
)
def test_what_does_not_fit_is_left_to_the_text_format(
    name: str, kind: pl.DataType, value: object
) -> None:
    assert as_typed(pl.DataFrame({name: [None, value]}, schema={name: kind}), TYPES) is None


def test_a_number_that_does_not_fit_is_refused_by_the_server(table: psycopg.Connection) -> None:
    rows = pl.DataFrame({"whole": [2**31]})
    with pytest.raises(psycopg.errors.NumericValueOutOfRange, match="2147483648"):
        copied(table, rows, least=1)


def test_an_amount_too_large_for_its_column_is_refused(table: psycopg.Connection) -> None:
    rows = pl.DataFrame({"price": ["1" + "0" * 13]})
    with pytest.raises(psycopg.errors.NumericValueOutOfRange):
        copied(table, rows, least=1)


def test_a_byte_that_no_text_holds_is_refused(table: psycopg.Connection) -> None:
    rows = pl.DataFrame({"words": ["a\x00b"]})
    with pytest.raises(psycopg.errors.CharacterNotInRepertoire):
        copied(table, rows, least=1)
