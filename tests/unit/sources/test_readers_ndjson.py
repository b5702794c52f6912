"""The NDJSON reader: exact text of values, absent against null, and one bad line at a time."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopnow.sources.readers import Limits, UnreadableFile, read_ndjson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.sources.readers import RawChunk


def chunks_of(
    data: bytes,
    paths: Sequence[str],
    each: str | None = None,
    item_paths: Sequence[str] = (),
    limits: Limits | None = None,
) -> list[RawChunk]:
    chunks = list(read_ndjson(io.BytesIO(data), paths, each, item_paths, limits))
    for chunk in chunks:
        assert chunk.lines == chunk.frame.height + len(chunk.bad) + chunk.blank
        assert (chunk.items is None) == (each is None)
    return chunks


def rows_of(data: bytes, *paths: str) -> list[tuple[object, ...]]:
    return [row for chunk in chunks_of(data, paths) for row in chunk.frame.rows()]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.10", "1.10"),
        ("-0.0", "-0.0"),
        ("1e400", "1e400"),
        ("123456789012345678901234567890.10", "123456789012345678901234567890.10"),
        ("1764565662.922658", "1764565662.922658"),
        ('"x"', "x"),
        ('""', ""),
        ("null", ""),
        ("true", "true"),
        ("false", "false"),
        ('[1.50, {"b": null, "é": "1"}, 1e2]', '[1.50,{"b":null,"é":"1"},1e2]'),
        ("{}", "{}"),
        ('"\\ud83d\\ude00 \\u00e9"', "😀 é"),
        ('"\\\\ud800 \\\\u0000"', "\\ud800 \\u0000"),
    ],
)
def test_a_value_keeps_its_text(value: str, text: str) -> None:
    assert rows_of(f'{{"a": {value}}}'.encode(), "a", "zz") == [(1, text, None)]
    assert rows_of(f'{{"o": {{"a": {value}}}}}'.encode(), "o.a") == [(1, text)]


def test_absent_is_null_and_null_is_empty() -> None:
    data = b'{"o": {"a": null}}\n{"o": {}}\n{"o": null}\n{"o": "x"}\n{}\n'
    assert rows_of(data, "o.a") == [(1, ""), (2, None), (3, None), (4, None), (5, None)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"a": 1', "invalid_json"),
        (b"{'a': 1}", "invalid_json"),
        (b'{"a": NaN}', "invalid_json"),
        (b'{"a": -Infinity}', "invalid_json"),
        (b'{"a": 1} {"a": 2}', "invalid_json"),
        (b"hello", "invalid_json"),
        (b'{"a":' * 100_000, "invalid_json"),
        (b'{"a": "\\ud800"}', "invalid_json"),
        (b'{"a": "\\u0000"}', "nul_byte"),
        (b'{"a": ["x", {"\\u0000": 1}]}', "nul_byte"),
        (b'{"a": "\0"}', "invalid_json"),
        (b"[1, 2]", "not_an_object"),
        (b"12", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"x"', "not_an_object"),
        (b'{"a": "\xe9"}', "undecodable"),
    ],
)
@pytest.mark.parametrize("size", [5, 1 << 20])
def test_a_bad_line_costs_itself_alone(line: bytes, code: str, size: int) -> None:
    data = b'{"a": 1}\n\r\n' + line + b'\r\n  {"a": 2}  \n' + line
    chunks = chunks_of(data, ["a"], limits=Limits(chunk_bytes=size))
    assert [row for chunk in chunks for row in chunk.frame.rows()] == [(1, "1"), (4, "2")]
    bad = [(bad, chunk) for chunk in chunks for bad in chunk.bad]
    assert [(line.line_no, line.code) for line, _ in bad] == [(3, code), (5, code)]
    for found, chunk in bad:
        assert found.raw == chunk.raw.get(found.line_no) == line
        assert found.detail_fr
    assert sum(chunk.blank for chunk in chunks) == 1


@pytest.mark.parametrize("size", [64, 1 << 20])
def test_a_line_that_is_too_long_is_passed_over(size: int) -> None:
    long = b'{"a": "' + b"x" * 300_000 + b'"}'
    data = b'{"a": 1}\n' + long + b'\n{"a": 2}\n' + long
    limits = Limits(chunk_bytes=size, max_line_bytes=100_000)
    chunks = chunks_of(data, ["a"], "a", ["b"], limits)
    assert [row[:2] for chunk in chunks for row in chunk.frame.rows()] == [(1, "1"), (3, "2")]
    bad = [bad for chunk in chunks for bad in chunk.bad]
    assert [(line.line_no, line.code) for line in bad] == [
        (2, "line_too_long"),
        (4, "line_too_long"),
    ]
    assert all(len(line.raw) <= 64 << 10 for line in bad)


def test_items_are_exploded_with_their_place_and_their_root() -> None:
    data = (
        b'{"id": 7, "o": {"items": [{"p": 1.0}, 5, "x", null, true, [], {"q": null}]}}\n'
        b'{"id": 8, "o": {"items": []}}\n{"id": 9}\n{"o": {"items": null}}\n'
        b'{"o": {"items": {"p": 1}}}\n\n{"id": null, "o": {"items": [{"p": {"x": 2.50}}]}}\n'
    )
    (chunk,) = chunks_of(data, ["id"], "o.items", ["p", "q", "$.id"])
    assert chunk.items is not None
    assert chunk.frame["_items_state"].to_list() == [
        "ok", "empty", "missing", "missing", "not_a_list", "ok",
    ]  # fmt: skip
    assert chunk.items.columns == ["_line", "_item", "_bad", "p", "q", "$.id"]
    assert chunk.items.rows() == [
        (1, 1, None, "1.0", None, "7"),
        (1, 2, "number", None, None, "7"),
        (1, 3, "string", None, None, "7"),
        (1, 4, "null", None, None, "7"),
        (1, 5, "boolean", None, None, "7"),
        (1, 6, "array", None, None, "7"),
        (1, 7, None, None, "", "7"),
        (7, 1, None, '{"x":2.50}', None, ""),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'\xef\xbb\xbf{"a": "\xc3\xa9"}\n',
        '\ufeff{"a": "é"}\n'.encode("utf-16-le"),
        gzip.compress('{"a": "é"}'.encode(), mtime=0),
    ],
)
def test_marks_and_gzip_are_recognised(data: bytes) -> None:
    assert rows_of(data, "a") == [(1, "é")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (bytes(100), "binary_file"),
        (gzip.compress(bytes(1 << 24), mtime=0), "decompression_bomb"),
        (gzip.compress(b'{"a": 1}\n' * 99, mtime=0)[:-9], "cut_in_the_middle"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        chunks_of(data, ["a"])
    assert refused.value.code == code


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
OBJECTS = st.dictionaries(st.sampled_from("ab"), SCALARS, max_size=2)


@pytest.mark.properties
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.fixed_dictionaries({}, optional={"o": OBJECTS | SCALARS, "l": st.lists(OBJECTS)})),
    st.sampled_from([1, 50, 1 << 20]),
    st.booleans(),
)
def test_any_objects_come_back_as_the_json_module_reads_them(
    objects: list[dict[str, object]], size: int, is_ascii: bool
) -> None:
    lines = [
        json.dumps(value, ensure_ascii=is_ascii)
        for value in objects
        if "\0" not in str(value) and "\\x00" not in repr(value)
    ]
    data = "\n".join([*lines, "{}"]).encode("utf-8", "surrogatepass")
    chunks = chunks_of(data, ["o.a"], "l", ["b"], Limits(chunk_bytes=size))
    found = [row[:2] for chunk in chunks for row in chunk.frame.rows()]
    found_items = [row for chunk in chunks if chunk.items is not None for row in chunk.items.rows()]
    expected, expected_items = [], []
    for number, line in enumerate([*lines, "{}"], 1):
        value = json.loads(line)
        parent = value.get("o")
        expected.append((number, text_at(parent if isinstance(parent, dict) else {}, "a")))
        expected_items += [
            (number, place, None, text_at(item, "b"))
            for place, item in enumerate(value.get("l", []), 1)
        ]
    assert found == expected
    assert found_items == expected_items


def text_at(value: dict[str, object], key: str) -> str | None:
    if key not in value:
        return None
    found = value[key]
    if found is None:
        return ""
    return found if isinstance(found, str) else json.dumps(found)
