"""The CSV reader against a small model made of Python's csv module, whatever the chunk borders."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopnow.sources.readers import CsvDialect, Limits, UnreadableFile, read_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.properties

CHUNKS = st.sampled_from([1, 7, 64, 100, 1000, 16 << 20])
Row = tuple[int, tuple[str, ...]]


@dataclass
class Reading:
    """What a reader makes of a file, in plain Python."""

    rows: list[Row] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    blank: int = 0


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def reading_of(data: bytes, dialect: CsvDialect, names: list[str], chunk: int) -> Reading:
    reading = Reading()
    seen = []
    limits = Limits(chunk_bytes=chunk)
    for part in read_csv(io.BytesIO(data), dialect, names, (), limits):
        assert part.lines == part.frame.height + len(part.bad) + part.blank
        reading.rows += [(row[0], row[1:]) for row in part.frame.rows()]
        reading.bad += [(bad.line_no, bad.code) for bad in part.bad]
        reading.blank += part.blank
        seen += [(bad.line_no, bad.raw) for bad in part.bad]
        assert all(part.raw.get(bad.line_no) == bad.raw for bad in part.bad)
        for line_no in part.frame["_line"]:
            assert part.raw.get(line_no) is not None
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if is_utf8(data):
        assert all(lines[number - 1].startswith(raw.split(b"\n")[0]) for number, raw in seen)
    return reading


# Tables written by csv.writer, with blank and ragged lines in between.

CELLS = st.lists(st.sampled_from([*"ab,;\t|\"'\n\r é漢😀-0", "\r\n"]), max_size=6).map("".join)


@dataclass(frozen=True)
class Table:
    """A file as a sender would write it."""

    data: bytes
    dialect: CsvDialect
    names: list[str]
    expected: Reading


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 4))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    names = [f"n{place}" for place in range(width)]
    quoting: int = csv.QUOTE_ALL
    cells = CELLS
    if draw(st.booleans()):
        # csv.writer leaves a lone return unquoted where lines end with a line feed alone.
        quoting = csv.QUOTE_MINIMAL
        cells = cells.filter(lambda cell: "\r" not in cell)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]
    writer.writerow(names)
    expected = Reading(blank=1)
    good = st.lists(cells, min_size=width, max_size=width)
    plain = st.lists(st.sampled_from(["", "a", 'q"', "é"]), min_size=width + 1, max_size=6)
    for kind in draw(st.lists(st.sampled_from("rrrrb+"), max_size=12)):
        line = text.getvalue().count("\n") + 1
        if kind == "r":
            row = draw(good)
            writer.writerow(row)
            expected.rows.append((line, tuple(row)))
        elif kind == "b":
            text.write(line_end)
            expected.blank += 1
        else:
            writer.writerow(draw(plain))
            expected.bad.append((line, "ragged_line"))
    whole = text.getvalue()
    if draw(st.booleans()):
        whole = whole.removesuffix(line_end)
        # A blank line at the very end is then no line at all.
        expected.blank -= whole.endswith("\n")
    bom = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return Table(bom + whole.encode(), CsvDialect(delimiter), names, expected)


@settings(max_examples=300, deadline=None)
@given(tables(), CHUNKS)
def test_a_written_table_is_read_back_with_its_line_numbers(table: Table, chunk: int) -> None:
    assert reading_of(table.data, table.dialect, table.names, chunk) == table.expected


# Any text at all, against the rules written with the csv module and one regular expression.

FIELD = r'(?:"(?:[^"]|"")*"|[^",\r\n]*)'
REGULAR = re.compile(rf"{FIELD}(?:,{FIELD})*\r*")


class Lines:
    """The physical lines from one on, telling whether the csv module asked for more."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.ran_out = False

    def __iter__(self) -> Iterator[str]:
        yield from (line + "\n" for line in self.lines)
        self.ran_out = True


def is_good(line: str, width: int) -> bool:
    fields = next(csv.reader([line]), []) if REGULAR.fullmatch(line) else []
    return len(fields) == width


def model(text: str, width: int) -> Reading | None:
    """Read `text` by the rules of `csv_exact`; None = the file is refused as cut."""
    is_unterminated = not text.endswith("\n")
    lines = text.removesuffix("\n").split("\n") if text else []
    reading = Reading()
    at = 0
    while at < len(lines):
        source = Lines(lines[at:])
        records = csv.reader(source)
        fields = next(records)
        used = records.line_num
        later = lines[at + 1 : at + used]
        if source.ran_out:
            if width == 1 or not any(is_good(line, width) for line in lines[at + 1 :]):
                return None
            reading.bad.append((at, "unclosed_quote"))
            at += 1
            continue
        is_sound = REGULAR.fullmatch("\n".join(lines[at : at + used])) and len(fields) == width
        if later and not is_sound and any(is_good(line, width) for line in later):
            reading.bad.append((at, "unclosed_quote"))
            at += 1
            continue
        if not fields:
            reading.blank += 1
        elif len(fields) == width:
            reading.rows.append((at, tuple(fields)))
        elif is_unterminated and at + used == len(lines) and len(fields) < width:
            return None
        else:
            reading.bad.append((at, "ragged_line"))
        at += used
    return reading


TEXTS = st.lists(
    st.sampled_from(
        ["a", "a", ",", ",", '"', '"', "\n", "\n", "\r\n", "é", '","', "\n1,2\n", '""']
    ),
    max_size=40,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.integers(1, 3), CHUNKS)
def test_any_text_is_read_by_the_rules_wherever_chunks_end(
    text: str, width: int, chunk: int
) -> None:
    names = ["n0", "n1", "n2"][:width]
    data = (",".join(names) + "\n" + text).encode()
    expected = model(text, width)
    if expected is None:
        with pytest.raises(UnreadableFile, match="coupé"):
            reading_of(data, CsvDialect(), names, chunk)
        return
    reading = reading_of(data, CsvDialect(), names, chunk)
    assert reading.rows == [(number + 2, row) for number, row in expected.rows]
    assert reading.bad == [(number + 2, code) for number, code in expected.bad]
    assert reading.blank == expected.blank + 1


WILD = st.binary(max_size=60) | st.lists(
    st.sampled_from([b"a", b",", b'"', b"\n", b"\r", b"\0", b"\xc3\xa9", b"\xe9", b"1,2,3\n"]),
    max_size=40,
).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(WILD, CHUNKS)
def test_any_bytes_are_read_or_refused_the_same_wherever_chunks_end(
    body: bytes, chunk: int
) -> None:
    data = b"a,b,c\n" + body

    def outcome(size: int) -> Reading | str:
        try:
            return reading_of(data, CsvDialect(), ["a", "b", "c"], size)
        except UnreadableFile:
            # Of two defects, the one that is met first is named.
            return "refused"

    assert outcome(chunk) == outcome(16 << 20)


def test_lone_returns_inside_quotes_are_text() -> None:
    data = b'a,b\n"x\ry","z\r\n\r"\n'
    assert reading_of(data, CsvDialect(), ["a", "b"], 64).rows == [(2, ("x\ry", "z\r\n\r"))]
