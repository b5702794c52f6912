"""Rows in COPY's text format: what the server reads back is what was written, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopnow.kernel import connect
from shopnow.staging.copytext import copy_text

if TYPE_CHECKING:
    from shopnow.kernel import Settings

# PostgreSQL holds no NUL and no half of a pair of surrogates; everything else comes back.
_TEXTS = st.none() | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
_ODD = st.text(st.sampled_from(["\\", "\n", "\r", "\t", "N", ".", '"', ",", " ", "é"]))
_TIMES = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31))  # noqa: DTZ001
_ROWS = st.lists(
    st.tuples(
        _TEXTS | _ODD,
        _TIMES,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.binary(max_size=20),
    ),
    max_size=20,
)


@given(_ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_copied_comes_back(
    test_server: Settings, rows: list[tuple[str | None, datetime | None, int | None, bytes | None]]
) -> None:
    rows = [
        (text, at and at.replace(tzinfo=UTC), number, sealed) for text, at, number, sealed in rows
    ]
    frame = pl.DataFrame(
        rows,
        schema={
            "text": pl.String, "at": pl.Datetime("us", "UTC"), "number": pl.Int64,
            "sealed": pl.Binary,
        },
        orient="row",
    )  # fmt: skip
    with connect(test_server, None) as conn, conn.transaction(force_rollback=True):
        conn.execute(
            "CREATE TEMPORARY TABLE kept (text text, at timestamptz, number bigint, sealed bytea)"
        )
        with conn.cursor().copy("COPY kept FROM STDIN") as copy:
            copy.write(copy_text(frame))
        found = conn.execute("SELECT text, at, number, sealed FROM kept").fetchall()
    assert found == rows


def test_a_whole_second_is_written_without_a_fraction() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    frame = pl.DataFrame({"at": [noon, noon + timedelta(microseconds=120_001), None]})
    assert copy_text(frame) == (b"2026-01-05 12:00:00+00\n2026-01-05 12:00:00.120001+00\n\\N\n")
