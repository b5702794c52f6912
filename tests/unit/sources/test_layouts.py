"""What a source file may declare of a layout: lines without a record, values in other shapes."""

from __future__ import annotations

import io
from typing import Any

import polars as pl
import pytest

from shopnow.sources import SourceError, map_records, parse_source, read_chunks
from shopnow.sources.lines import selected
from shopnow.sources.model import LineRule
from shopnow.sources.readers import CsvDialect, Limits, read_csv

FILE = b"""handle,title,price,picture
a,Bowl,5,1
a,,6,2
a,,,3
b,,7,4
b,Cup,8,5
,,,6
,,,7
c,Pot,,8
c,,,9
"""
RULE = LineRule(same="handle", inherit=("title",), continued=("price",))


@pytest.mark.parametrize("chunk_bytes", [16, 40, 1 << 20])
def test_a_thing_over_several_lines_is_the_same_however_it_is_cut(chunk_bytes: int) -> None:
    wanted = ["handle", "title", "price", "picture"]
    limits = Limits(chunk_bytes=chunk_bytes)
    chunks = list(selected(read_csv(io.BytesIO(FILE), CsvDialect(), wanted, (), limits), RULE))
    assert pl.concat(chunk.frame for chunk in chunks).rows() == [
        (2, "a", "Bowl", "5", "1"),
        (3, "a", "Bowl", "6", "2"),
        # A line without price that is no further line of a thing is a record all the same.
        (5, "b", "", "7", "4"),
        (6, "b", "Cup", "8", "5"),
        (7, "", "", "", "6"),
        (8, "", "", "", "7"),
        (9, "c", "Pot", "", "8"),
    ]
    assert sum(chunk.lines for chunk in chunks) == 10
    assert sum(chunk.blank for chunk in chunks) == 1 + 2
    assert all(chunk.lines == chunk.frame.height + chunk.blank for chunk in chunks)


def test_lines_of_another_kind_are_set_aside_and_counted() -> None:
    rule = LineRule(keep=(("handle", ("a", "b")), ("price", ("7", "5"))))
    chunks = list(selected(read_csv(io.BytesIO(FILE), CsvDialect(), ["handle", "price"]), rule))
    assert pl.concat(chunk.frame for chunk in chunks).rows() == [(2, "a", "5"), (5, "b", "7")]
    assert sum(chunk.blank for chunk in chunks) == 1 + 7


def _source(**more: Any) -> dict[str, Any]:  # noqa: ANN401 — whatever YAML holds
    offer = {"product_id": "sku", "unit_price": "price"}
    base = {
        "name": "n", "sender": "platform", "system": "s", "feed": "offers", "format": "csv",
        "records": {"offer": {"fields": offer | more.pop("fields", {})}},
    }  # fmt: skip
    return base | more


def _prices(content: bytes, **fields: Any) -> list[str | None]:  # noqa: ANN401 — as above
    source = parse_source(_source(fields=fields), where="test")
    chunks = list(read_chunks(io.BytesIO(content), source, None, {}))
    mapped = pl.concat(map_records(chunk, source, None, {})["offer"] for chunk in chunks)
    return mapped["unit_price"].to_list()


def test_values_are_taken_out_of_their_shape() -> None:
    field: dict[str, Any] = {"path": "price", "part": r"^([0-9.]+)\s*[A-Z]{3}$"}
    assert _prices(b"sku,price\n1,12.50 EUR\n2,EUR\n3,\n", unit_price=field) == ["12.50", "EUR", ""]
    field = {"path": ["price", "sku"], "join": "/"}
    assert _prices(b"sku,price\na,1\n,2\n,\n", unit_price=field) == ["1/a", "2", ""]
    field = {"path": "price", "inside": "1.net", "cents": True}
    content = b'sku,price\na,"[{}, {""net"": 1050}]"\nb,"[]"\nc,{\n'
    assert _prices(content, unit_price=field) == ["10.50", None, "{ centimes"]
    assert _prices(b"sku\na\n", unit_price={"path": ["price", "cost"], "join": "/"}) == [None]


@pytest.mark.parametrize(
    ("declared", "word"),
    [
        ({"format": "xml"}, "dialect.record"),
        ({"dialect": {"sheets": "A"}}, "'sheet'"),
        ({"lines": {"inherit": ["title"]}}, "lines.same"),
        ({"lines": {"keeps": {}}}, "'keep'"),
        ({"fields": {"unit_price": {"path": "p", "part": "["}}}, "regular expression"),
        ({"fields": {"unit_price": {"path": "p", "part": "abc"}}}, "one group"),
        ({"fields": {"unit_price": {"path": "p", "cent": True}}}, "'cents'"),
        ({"fields": {"effective_at": {"path": "p", "time": "german"}}}, "form with %"),
        ({"format": "xls"}, "xlsx"),
    ],
)
def test_what_nobody_reads_is_refused(declared: dict[str, Any], word: str) -> None:
    with pytest.raises(SourceError) as refused:
        parse_source(_source(**declared), where="test")
    assert word in f"{refused.value.message} {refused.value.hint}"


def test_tabs_are_a_dialect_of_their_own() -> None:
    source = parse_source(_source(format="tsv"), where="test")
    assert (source.format, source.dialect.delimiter, source.dialect.quote) == ("csv", "\t", None)
    quoted = parse_source(_source(format="tsv", dialect={"quote": '"'}), where="test")
    assert quoted.dialect.quote == '"'


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/Sao_Paulo"])
def test_a_time_zone_is_one_of_the_database(zone: str) -> None:
    assert parse_source(_source(zone=zone), where="n").zone == zone


@pytest.mark.parametrize(
    "zone", ["", "Europe", "Europe/Nowhere", "../UTC", "posix/Europe/Paris", "right/UTC", "/UTC"]
)
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(SourceError, match="no IANA time zone"):
        parse_source(_source(zone=zone), where="n")
