"""JSON and XML documents, workbooks and zips: what the corpus of ugly files cannot show.

That is: that nothing depends on where a block of the file ends, that memory follows the record and
not the file, that lines keep their numbers beyond 65,535, and that limits hold.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import tracemalloc
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.ugly.goods import pack, rows, workbook, workbook_parts
from tests.ugly.model import Case, corpus, source_yaml

from shopnow.sources import UnreadableFile, parse_source, read_chunks
from shopnow.sources.readers import (
    CsvDialect,
    Limits,
    SheetPlace,
    XmlLayout,
    json_document,
    read_csv,
    read_json,
    read_xlsx,
    read_xml,
    xml,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS = [
    case for case in corpus() if case.layout in ("json", "xml") and len(case.content) < 100_000
]
MIB = 1 << 20


def _outcome(case: Case) -> tuple[object, ...]:
    source = parse_source(source_yaml(case), where="case")
    frames, bad, lines, raw = [], [], 0, []
    try:
        for chunk in read_chunks(io.BytesIO(case.content), source, None, {}):
            frames.append(chunk.frame)
            bad += [(one.line_no, one.code, one.raw) for one in chunk.bad]
            lines += chunk.lines
            raw += [chunk.raw.get(line) for line in chunk.frame["_line"]]
            assert chunk.lines == chunk.frame.height + len(chunk.bad) + chunk.blank
    except UnreadableFile as refused:
        return refused.code, refused.message
    return pl.concat(frames).rows(), bad, lines, raw


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case.name)
def test_where_a_block_ends_changes_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _outcome(case)
    for size in (7, 64, 1000):
        monkeypatch.setattr(json_document, "BLOCK", size)
        monkeypatch.setattr(json_document, "BATCH_BYTES", size)
        monkeypatch.setattr(xml, "BLOCK", size)
        monkeypatch.setattr(xml, "CHUNK_BYTES", size)
        assert _outcome(case) == whole, size


class Endless(io.RawIOBase):
    """A document that is made while it is read: `count` records between head and tail."""

    def __init__(self, head: bytes, record: bytes, tail: bytes, count: int) -> None:
        self._parts = self._made(head, record, tail, count)
        self._left = b""

    @staticmethod
    def _made(head: bytes, record: bytes, tail: bytes, count: int) -> Iterator[bytes]:
        yield head
        for number in range(count):
            yield record % number
        yield tail

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size:
            try:
                self._left += next(self._parts)
            except StopIteration:
                break
        block, self._left = self._left[:size], self._left[size:]
        return block


def test_memory_follows_the_record_and_lines_keep_their_numbers() -> None:
    count = 60_000
    filling = b" " * 500
    documents = {
        "xml": Endless(b"<a>\n", b"<r>\n<id>%d</id>" + filling + b"</r>\n", b"</a>", count),
        "json": Endless(b"[\n{},\n", b'{"id":\n%d}' + filling + b",\n", b"{}]", count),
    }
    tracemalloc.start()
    read = {
        "xml": read_xml(documents["xml"], XmlLayout("a/r"), ["id"]),  # type: ignore[arg-type]
        "json": read_json(documents["json"], "", ["id"]),  # type: ignore[arg-type]
    }
    for name, chunks in read.items():
        tracemalloc.reset_peak()
        rows = 0
        last = (0, "")
        for chunk in chunks:
            found = chunk.frame.drop_nulls()
            rows += found.height
            if found.height:
                last = found.row(-1)
        # Thirty megabytes of text, of which a few stand in memory at a time.
        assert tracemalloc.get_traced_memory()[1] < 24 * MIB, name
        assert rows == count
        assert last == (2 * count if name == "xml" else 2 * count + 1, str(count - 1)), name
    tracemalloc.stop()


def test_elements_of_a_record_are_exploded() -> None:
    text = "<a><o n='1'><k> 7 </k><l><s>x</s></l><l/></o><o n='2'/></a>"
    [chunk] = read_xml(io.BytesIO(text.encode()), XmlLayout("a/o"), ["@n"], "l", ["s", "$.k"])
    assert chunk.frame.rows() == [(1, "1", "ok"), (2, "2", "missing")]
    assert chunk.items is not None
    assert chunk.items.rows() == [(1, 1, None, "x", "7"), (1, 2, None, None, "7")]
    document = json.dumps({"o": [{"l": [{"s": 1}, 5]}, {"l": []}, {}]})
    [chunk] = read_json(io.BytesIO(document.encode()), "o", [], "l", ["s"])
    assert chunk.frame.rows() == [(1, "ok"), (2, "empty"), (3, "missing")]
    assert chunk.items is not None
    assert chunk.items.rows() == [(1, 1, None, "1"), (1, 2, "number", None)]


def test_absent_and_empty_are_told_apart() -> None:
    text = "<a><r><x/><y> </y><z k=''>1</z></r></a>"
    paths = ["x", "y", "z", "z/@k", "z/@l", "w"]
    [chunk] = read_xml(io.BytesIO(text.encode()), XmlLayout("a/r"), paths)
    assert chunk.frame.row(0) == (1, "", "", "1", "", None, None)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-16", "utf-8"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("UTF-8", "utf-8"),
    ],
)
def test_what_a_document_says_of_its_encoding(declared: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><a><r>é</r></a>'
    [chunk] = read_xml(io.BytesIO(text.encode(encoding)), XmlLayout("a/r"), ["."])
    assert chunk.frame.row(0) == (1, "é")


@pytest.mark.parametrize("declared", ["utf-7", "punycode", "zlib", "nothing-such", "UTF-EBCDIC"])
def test_an_encoding_nobody_reads_is_refused(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><a><r>e</r></a>'
    with pytest.raises(UnreadableFile) as refused:
        list(read_xml(io.BytesIO(text.encode()), XmlLayout("a/r"), ["."]))
    assert refused.value.code == "wrong_encoding"


def test_a_record_that_does_not_end_is_refused_within_its_limit() -> None:
    limits = Limits(max_line_bytes=100_000)
    endless = Endless(b'[{"a": "', b"%d", b'"}]', 10_000_000)
    with pytest.raises(UnreadableFile) as refused:
        list(read_json(endless, "", ["a"], limits=limits))  # type: ignore[arg-type]
    assert refused.value.code == "record_too_long"
    endless = Endless(b'<a><r b="', b"%d", b'"/></a>', 10_000_000)
    with pytest.raises(UnreadableFile) as refused:
        list(read_xml(endless, XmlLayout("a/r"), ["@b"], limits=limits))  # type: ignore[arg-type]
    assert refused.value.code == "record_too_long"


def test_what_comes_out_of_a_zip_is_bounded() -> None:
    content = pack({"a.csv": b"a,b\n" + b"1,2\n" * 500_000})
    limits = Limits(max_output_bytes=MIB)
    with pytest.raises(UnreadableFile) as refused:
        list(read_csv(io.BytesIO(content), CsvDialect(), ["a"], (), limits))
    assert refused.value.code == "decompression_bomb"
    limits = Limits(ratio_from_bytes=100_000, max_ratio=50)
    with pytest.raises(UnreadableFile) as refused:
        list(read_csv(io.BytesIO(content), CsvDialect(), ["a"], (), limits))
    assert "ZIP" in refused.value.message


@pytest.mark.parametrize(
    "place", ["r = 'XFD1048576'", 'r="XFD1048576"', 'r\n=\n"XFD1048576"', 'r="&#88;FD1048576"']
)
def test_the_place_of_a_cell_cannot_be_hidden(place: str) -> None:
    cells = f'<row><c r="A1"><v>1</v></c></row><row><c {place}><v>1</v></c></row>'
    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(io.BytesIO(pack(workbook_parts(cells))), SheetPlace(), ["a"]))
    assert refused.value.code in ("decompression_bomb", "corrupt_file")


def test_an_empty_catalogue_is_read_and_an_empty_file_refused() -> None:
    [chunk] = read_xml(io.BytesIO(b"<a><b/></a>"), XmlLayout("a/b/r"), ["."])
    assert (chunk.frame.height, chunk.lines) == (0, 0)
    [chunk] = read_json(io.BytesIO(b'{"a": []}'), "a", ["b"])
    assert (chunk.frame.height, chunk.lines) == (0, 0)
    for content in (b"", b" \n "):
        for chunks in (
            read_xml(io.BytesIO(content), XmlLayout("a/r"), ["."]),
            read_json(io.BytesIO(content), "", ["."]),
            read_xlsx(io.BytesIO(content), SheetPlace(), ["a"]),
        ):
            with pytest.raises(UnreadableFile) as refused:
                list(chunks)
            assert refused.value.code == "empty_file"


def test_a_workbook_may_be_sent_packed() -> None:
    content, lines = workbook(rows(random.Random(1), "w", 3))  # noqa: S311 — any rows
    for sent in (content, gzip.compress(content), pack({"a.xlsx": content})):
        chunks = list(read_xlsx(io.BytesIO(sent), SheetPlace(), ["sku"]))
        assert [line for chunk in chunks for line in chunk.frame["_line"]] == list(lines)
