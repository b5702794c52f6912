"""The Parquet reader: every type as exact text, numbered rows, broken files refused."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from shopnow.sources.readers import UnreadableFile, read_parquet

if TYPE_CHECKING:
    from pathlib import Path

PARIS = dt.datetime(2026, 7, 1, 12, 0, 0, 5000, dt.UTC)


def stored(frame: pl.DataFrame) -> io.BytesIO:
    stream = io.BytesIO()
    frame.write_parquet(stream, row_group_size=2)
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    ("values", "dtype", "texts"),
    [
        (["x", "", None], pl.String, ["x", "", ""]),
        ([1, -2, None], pl.Int64, ["1", "-2", ""]),
        ([0.1, 1.0, 1 / 3], pl.Float64, ["0.1", "1.0", "0.3333333333333333"]),
        ([Decimal("1.230"), None], pl.Decimal(18, 3), ["1.230", ""]),
        ([True, False, None], pl.Boolean, ["true", "false", ""]),
        ([dt.date(2026, 1, 2), None], pl.Date, ["2026-01-02", ""]),
        (
            [dt.datetime(2026, 1, 2, 3, 4, 5, 600)],  # noqa: DTZ001 - a column without zone
            pl.Datetime("us"),
            ["2026-01-02T03:04:05.000600"],
        ),
        ([PARIS], pl.Datetime("ms", "Europe/Paris"), ["2026-07-01T14:00:00.005+02:00"]),
        ([[1, None], [], None], pl.List(pl.Int64), ["[1,null]", "[]", ""]),
        ([{"a": "é"}, None], pl.Struct({"a": pl.String}), ['{"a":"é"}', ""]),
        ([b"abc", b"\xff", None], pl.Binary, ["abc", "ff", ""]),
        (["a", "b", None], pl.Categorical, ["a", "b", ""]),
    ],
)
def test_every_type_becomes_exact_text(
    values: list[object], dtype: pl.DataType, texts: list[str]
) -> None:
    stream = stored(pl.DataFrame({"v": pl.Series(values, dtype=dtype), "w": [1] * len(values)}))
    chunks = list(read_parquet(stream, ["v", "zz"], ["v"]))
    assert [row for chunk in chunks for row in chunk.frame.rows()] == [
        (number, text, None) for number, text in enumerate(texts, 1)
    ]
    assert chunks[0].frame.columns == ["_line", "v", "zz"]


def test_rows_come_in_order_in_bounded_chunks(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"i": range(1000)}).write_parquet(path, row_group_size=300)
    chunks = list(read_parquet(path, ["i"], chunk_rows=70))
    assert max(chunk.lines for chunk in chunks) <= 70
    rows = [row for chunk in chunks for row in chunk.frame.rows()]
    assert rows == [(number + 1, str(number)) for number in range(1000)]
    assert chunks[-1].raw.get(1000) == b'{"i":"999"}'
    with pytest.raises(KeyError):
        chunks[-1].raw.get(1)


def test_a_file_without_rows_gives_one_empty_chunk() -> None:
    (chunk,) = read_parquet(stored(pl.DataFrame({"a": []}, schema={"a": pl.Int8})), ["a", "b"])
    assert chunk.frame.schema == {"_line": pl.Int64, "a": pl.String, "b": pl.String}
    assert chunk.lines == 0


def test_broken_files_are_refused(tmp_path: Path) -> None:
    whole = stored(pl.DataFrame({"a": [str(n) for n in range(999)]})).read()
    for data, code in (
        (b"", "empty_file"),
        (b"a,b\n1,2\n", "corrupt_file"),
        (whole[:-20], "corrupt_file"),
        (whole[:300] + whole[400:], "corrupt_file"),
        (b"PAR1", "corrupt_file"),
    ):
        with pytest.raises(UnreadableFile) as refused:
            list(read_parquet(io.BytesIO(data), ["a"]))
        assert refused.value.code == code
    with pytest.raises(UnreadableFile, match="absente") as refused:
        next(read_parquet(io.BytesIO(whole), ["a", "b"], ["b"]))
    assert refused.value.code == "missing_column"


def test_a_stream_that_is_no_memory_is_read_from_its_start(tmp_path: Path) -> None:
    # A sealed file is such a stream: a scan leaves it at its end, where the next one sees nothing.
    path = tmp_path / "a.parquet"
    path.write_bytes(stored(pl.DataFrame({"a": [1, 2, 3]})).getvalue())
    with path.open("rb") as stream:
        frames = [chunk.frame for chunk in read_parquet(stream, ["a"], chunk_rows=2)]
    assert pl.concat(frames)["a"].to_list() == ["1", "2", "3"]
