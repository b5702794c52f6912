"""The CSV reader on small files whose right answer can be seen by eye."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import ShopnowError
from shopnow.sources.readers import CsvDialect, Limits, UnreadableFile, read_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.sources.readers import RawChunk

ABC = ("a", "b", "c")
HEADER = b"a,b,c\n"
SIZES = (64, 1 << 20)


def chunks_of(
    data: bytes,
    wanted: Sequence[str] = ABC,
    dialect: CsvDialect | None = None,
    limits: Limits | None = None,
) -> list[RawChunk]:
    chunks = list(read_csv(io.BytesIO(data), dialect or CsvDialect(), wanted, (), limits))
    for chunk in chunks:
        assert chunk.lines == chunk.frame.height + len(chunk.bad) + chunk.blank
        assert chunk.frame.columns == ["_line", *wanted]
    return chunks


def rows_of(data: bytes, **options: object) -> list[tuple[object, ...]]:
    chunks = chunks_of(data, **options)  # type: ignore[arg-type]
    return [row for chunk in chunks for row in chunk.frame.rows()]


def bad_of(data: bytes, **options: object) -> list[tuple[int, str, bytes]]:
    chunks = chunks_of(data, **options)  # type: ignore[arg-type]
    return [(bad.line_no, bad.code, bad.raw) for chunk in chunks for bad in chunk.bad]


def refusal_of(data: bytes, **options: object) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        chunks_of(data, **options)  # type: ignore[arg-type]
    assert refused.value.hint
    return refused.value


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"1,2,3\n4,5,6\n", [(2, "1", "2", "3"), (3, "4", "5", "6")]),
        (b"1,2,3\r\n4,5,6\r\n", [(2, "1", "2", "3"), (3, "4", "5", "6")]),
        (b"1,2,3", [(2, "1", "2", "3")]),
        (b'1,"",3\n,,\n', [(2, "1", "", "3"), (3, "", "", "")]),
        (b"\n1,2,3\r\n\r\n\n4,5,6", [(3, "1", "2", "3"), (6, "4", "5", "6")]),
        (b'"1\n\n2",",","""x"""\n4,5,6\n', [(2, "1\n\n2", ",", '"x"'), (5, "4", "5", "6")]),
        (b'"1\r\n2",\r\n', []),
        (b' 1 , "2" ,NA\n', [(2, " 1 ", ' "2" ', "NA")]),
        (b'1,5" pipe,3\n4,5,6\n', [(2, "1", '5" pipe', "3"), (3, "4", "5", "6")]),
        (b'1,"ab"c,3\n', [(2, "1", "abc", "3")]),
        (b'1,2,"x\r"\n', [(2, "1", "2", "x\r")]),
        (b"1,2,3\r\r\n4,5,6\n", [(2, "1", "2", "3"), (3, "4", "5", "6")]),
        ("é,漢,😀\n".encode(), [(2, "é", "漢", "😀")]),
        (b"\x1f\x8b,2,3\n".replace(b"\x8b", b"\xc2\x8b"), [(2, "\x1f\x8b", "2", "3")]),
    ],
)
def test_a_record_keeps_its_text_and_its_first_physical_line(
    body: bytes, rows: list[tuple[object, ...]]
) -> None:
    assert rows_of(HEADER + body) == rows
    assert rows_of(HEADER + body, limits=Limits(chunk_bytes=3)) == rows


@pytest.mark.parametrize("size", SIZES)
def test_a_stray_quote_costs_one_line_and_never_the_lines_after_it(size: int) -> None:
    body = b'1,"Premium,3\n2,x,3\n3,y",3,4\n4,5,6\n5,"open,6\n6,7,8\n'
    limits = Limits(chunk_bytes=size)
    assert [row[0] for row in rows_of(HEADER + body, limits=limits)] == [3, 5, 7]
    assert bad_of(HEADER + body, limits=limits) == [
        (2, "unclosed_quote", b'1,"Premium,3'),
        (4, "ragged_line", b'3,y",3,4'),
        (6, "unclosed_quote", b'5,"open,6'),
    ]


def test_a_quote_open_for_too_long_is_a_stray_one() -> None:
    text = b"no good line here\n" * 200
    data = HEADER + b'1,"' + text + b'",3\n4,5,6\n'
    limits = Limits(max_quoted_bytes=1000)
    assert [row[0] for row in rows_of(data, limits=limits)] == [203]
    bad = bad_of(data, limits=limits)
    assert bad[0] == (2, "unclosed_quote", b'1,"no good line here')
    assert len(bad) == 201
    assert rows_of(data) == [(2, "1", text.decode(), "3"), (203, "4", "5", "6")]


@pytest.mark.parametrize("size", SIZES)
def test_ragged_blank_and_odd_lines_are_each_accounted_for(size: int) -> None:
    body = b'1,2\n\n1,2,3,4\n1,"x\ny",3,4\n7,8,9\n1,2\r3,4\n1,\0,3\n7,8,9\n'
    limits = Limits(chunk_bytes=size)
    assert [row[0] for row in rows_of(HEADER + body, limits=limits)] == [7, 10]
    assert bad_of(HEADER + body, limits=limits) == [
        (2, "ragged_line", b"1,2"),
        (4, "ragged_line", b"1,2,3,4"),
        (5, "ragged_line", b'1,"x\ny",3,4'),
        (8, "stray_cr", b"1,2\r3,4"),
        (9, "nul_byte", b"1,\0,3"),
    ]


def test_the_detail_of_a_ragged_line_names_wanted_and_found() -> None:
    (bad,) = [bad for chunk in chunks_of(HEADER + b"1,2\n4,5,6\n") for bad in chunk.bad]
    assert bad.detail_fr == "3 champs attendus, 2 trouvés"


@pytest.mark.parametrize("size", SIZES)
def test_a_line_that_is_too_long_is_passed_over(size: int) -> None:
    data = HEADER + b"1,2,3\n1," + b"x" * 300_000 + b",3\n4,5,6\n" + b"y" * 300_000
    limits = Limits(chunk_bytes=size, max_line_bytes=100_000)
    assert [row[0] for row in rows_of(data, limits=limits)] == [2, 4]
    bad = bad_of(data, limits=limits)
    assert [(number, code) for number, code, _ in bad] == [
        (3, "line_too_long"),
        (5, "line_too_long"),
    ]
    assert all(len(raw) <= 64 << 10 for _, _, raw in bad)


def test_raw_lines_are_the_bytes_of_the_file_without_line_ends() -> None:
    data = HEADER + b'1,"x\r\ny",3\r\n\r\n4,5\r\n7,8,9\r\n'
    (_, body) = chunks_of(data)
    assert body.raw.get(2) == b'1,"x\r\ny",3'
    assert body.raw.get(4) == b""
    assert body.raw.get(5) == b"4,5"
    for absent in (1, 3, 7):
        with pytest.raises(KeyError):
            body.raw.get(absent)


def test_only_wanted_columns_come_in_the_order_asked() -> None:
    assert rows_of(HEADER + b"1,2,3\n", wanted=("c", "zz", "a")) == [(2, "3", None, "1")]
    assert rows_of(HEADER + b"1,2,3\n1,2\n4,5,6\n", wanted=()) == [(2,), (4,)]


def test_header_names_are_trimmed_and_lines_before_it_are_blank() -> None:
    data = b'\xef\xbb\xbfTemplateType=Offer\n\n\xef\xbb\xbf a ;b; "c" \n1;2;3\n'
    chunks = chunks_of(data, wanted=("a", "b"), dialect=CsvDialect(";", header_line=3))
    assert [(chunk.lines, chunk.blank) for chunk in chunks] == [(3, 3), (1, 0)]
    assert chunks[1].frame.rows() == [(4, "1", "2")]


def test_a_header_alone_is_a_file_without_records() -> None:
    (chunk,) = chunks_of(b"a,b,c")
    assert (chunk.lines, chunk.blank, chunk.frame.height) == (1, 1, 0)


def test_without_quotes_a_quote_is_a_letter() -> None:
    dialect = CsvDialect("\t", quote=None)
    assert rows_of(b'a\tb\n"1\t2"\n', wanted=("a", "b"), dialect=dialect) == [(2, '"1', '2"')]


@pytest.mark.parametrize(
    "data",
    [
        "a;b\né;2\n".encode("cp1252"),
        "\ufeffa;b\né;2\n".encode("utf-16-le"),
        "a;b\né;2\n".encode("utf-16-be"),
        "a;b\ré;2\r".encode(),
        gzip.compress(b"a;b\n", mtime=0) + gzip.compress("é;2\n".encode(), mtime=0) + bytes(512),
    ],
)
def test_encodings_line_ends_and_gzip_are_recognised(data: bytes) -> None:
    options = {"wanted": ("a", "b"), "dialect": CsvDialect(";")}
    assert rows_of(data, **options) == [(2, "é", "2")]
    assert rows_of(data, **options, limits=Limits(chunk_bytes=5)) == [(2, "é", "2")]


def test_a_byte_order_mark_is_believed_before_the_declaration() -> None:
    dialect = CsvDialect(encoding="cp1252")
    assert rows_of(b"\xef\xbb\xbfa,b,c\n\xc3\xa9,2,3\n", dialect=dialect) == [(2, "é", "2", "3")]
    assert rows_of(b"a,b,c\n\xe9,2,3\n", dialect=dialect) == [(2, "é", "2", "3")]


@pytest.mark.parametrize("size", SIZES)
def test_an_undecodable_byte_is_refused_with_its_line(size: int) -> None:
    data = HEADER + "é,2,3\n".encode() * 50 + b"1,\xe9,3\n"
    dialect = CsvDialect(encoding="utf-8")
    for refused in (
        refusal_of(data, dialect=dialect, limits=Limits(chunk_bytes=size)),
        refusal_of(data, limits=Limits(chunk_bytes=size)),
    ):
        assert refused.code == "wrong_encoding"
        assert "0xE9" in refused.message
        assert "ligne 52 " in refused.message
    assert refusal_of(HEADER + b"1,\x81\xe9,3\n").code == "wrong_encoding"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty_file", "fichier vide"),
        (b"\xef\xbb\xbf", "empty_file", "fichier vide"),
        (b"\n \n\n", "empty_file", "fichier vide"),
        (bytes(range(256)) * 20, "binary_file", "caractères de contrôle"),
        (b"PK\x03\x04" + b"abc" * 100, "corrupt_file", "XLSX"),
        (b"a;b;c\n1;2;3\n", "wrong_delimiter", "« ; » (point-virgule)"),
        (b"abc\n123\n", "wrong_delimiter", "« , » (virgule)"),
        (b"a,b,C \n1,2,3\n", "missing_column", "« c »"),
        (b"a,b,c,a\n1,2,3,4\n", "duplicate_column", "« a »"),
        (b'a,"b,c\n1,2,3\n', "bad_header", "guillemet"),
        (HEADER + b'1,2,3\n4,"5 and', "cut_in_the_middle", "ligne 3"),
        (HEADER + b'1,2,3\n4,"5\nand', "cut_in_the_middle", "ligne 3"),
        (HEADER + b"1,2,3\n4,5", "cut_in_the_middle", "champ 2 sur 3"),
        (HEADER + b'1,5" x,3\n4,5', "cut_in_the_middle", "champ 2 sur 3"),
        (gzip.compress(HEADER + b"1,2,3\n" * 999, mtime=0)[:-9], "cut_in_the_middle", "gzip"),
        (gzip.compress(HEADER + b"1,2,3\n" * 999, mtime=0)[:-8] + bytes(8), "corrupt_file", "gzip"),
        (gzip.compress(HEADER, mtime=0)[:5], "cut_in_the_middle", "gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_wanted_found_where(
    data: bytes, code: str, words: str
) -> None:
    for size in SIZES:
        stream = io.BytesIO(data)
        with pytest.raises(UnreadableFile) as refused:
            list(read_csv(stream, CsvDialect(), ABC, ABC, Limits(chunk_bytes=size)))
        assert (refused.value.code, words in refused.value.message) == (code, True)
        assert refused.value.hint


def test_the_nearest_name_is_offered_for_a_missing_column() -> None:
    data = io.BytesIO(b"seller_id,sku,Price\n1,2,3\n")
    with pytest.raises(UnreadableFile, match="absente") as refused:
        next(read_csv(data, CsvDialect(), ("sku", "price"), ("price",)))
    assert "« Price » pour « price »" in refused.value.hint


def test_a_header_line_beyond_the_file_is_refused() -> None:
    assert refusal_of(HEADER, dialect=CsvDialect(header_line=3)).code == "bad_header"


class Zeros(io.RawIOBase):
    """A gzip of endless zeros, made as it is read."""

    def __init__(self) -> None:
        self._block = gzip.compress(bytes(64 << 20))
        self.given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.given += len(self._block)
        return self._block


def test_a_gzip_of_zeros_is_refused_at_once() -> None:
    bomb = Zeros()
    with pytest.raises(UnreadableFile, match="rapport") as refused:
        next(read_csv(bomb, CsvDialect(), ABC))  # type: ignore[arg-type]
    assert refused.value.code == "decompression_bomb"
    assert bomb.given < 1 << 20


def test_a_bomb_of_text_is_stopped_by_ratio_or_size() -> None:
    data = gzip.compress(HEADER + b"1,2,3\n" * 500_000)
    assert refusal_of(data, limits=Limits(ratio_from_bytes=1 << 20)).code == "decompression_bomb"
    assert refusal_of(data, limits=Limits(max_output_bytes=1 << 20)).code == "decompression_bomb"
    assert len(rows_of(data)) == 500_000


@pytest.mark.parametrize(
    "options",
    [
        {"delimiter": "||"},
        {"delimiter": "é"},
        {"quote": "\n"},
        {"delimiter": '"'},
        {"header_line": 0},
        {"encoding": "klingon"},
        {"encoding": "hex"},
    ],
)
def test_a_dialect_that_cannot_be_honoured_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ShopnowError):
        CsvDialect(**options)  # type: ignore[arg-type]
