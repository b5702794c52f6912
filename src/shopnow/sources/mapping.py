"""A sender's layout becomes canonical attributes: one frame of text a kind of record.

Protects rule R4 of scd.md (absent is not null): in the frames that leave here a null means the
sender said nothing, an empty text means "said, and empty".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from shopnow.sources.values import from_cents, within_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopnow.sources.model import Field, RecordMap, Source
    from shopnow.sources.readers import RawChunk

ROOT = "$."


@dataclass(frozen=True, slots=True)
class Lookup:
    """A bundle file read whole: `frame` holds its key column once a key, and what is taken."""

    key: str
    frame: pl.DataFrame


def wanted_paths(source: Source, file: str | None) -> tuple[list[str], list[str], str | None]:
    """Root paths, element paths and the exploded array that the readers are asked for."""
    roots: dict[str, None] = {}
    elements: dict[str, None] = {}
    each: str | None = None
    lookups = {bundled.name for bundled in source.files if bundled.lookup}
    roots |= dict.fromkeys(source.lines_of(file).columns)
    for record in source.records_of(file):
        each = each or record.each
        for spec in record.fields.values():
            for path in _paths_of(spec):
                if "." in path and path.split(".", 1)[0] in lookups:
                    continue
                if record.each:
                    elements[path] = None
                else:
                    roots[path.removeprefix(ROOT)] = None
    return list(roots), list(elements), each


def required_paths(
    source: Source, file: str | None, mandatory: Mapping[str, set[str]]
) -> list[str]:
    """Columns without which the file cannot be what it is declared to be.

    `mandatory`: the attributes that the contract requires, by kind of record.
    """
    needed: dict[str, None] = dict.fromkeys(source.lines_of(file).columns)
    for record in source.records_of(file):
        if record.each:
            continue
        for name, spec in record.fields.items():
            if name in mandatory.get(record.kind, set()) and len(spec.paths) == 1:
                needed[spec.paths[0]] = None
            if spec.by and "." not in spec.by:
                needed[spec.by] = None
    return list(needed)


def map_records(
    chunk: RawChunk, source: Source, file: str | None, lookups: Mapping[str, Lookup]
) -> dict[str, pl.DataFrame]:
    """Canonical text frames by kind: `line_no` Int64, `item_no` Int64, then attributes as String.

    An attribute that the layout does not carry is no column at all; `_flags` lists the rule codes
    found while mapping (`price_conflict`), `_bad_item` the JSON type of an element that is no
    object.
    """
    return {record.kind: _map_kind(chunk, record, lookups) for record in source.records_of(file)}


def _map_kind(chunk: RawChunk, record: RecordMap, lookups: Mapping[str, Lookup]) -> pl.DataFrame:
    base = chunk.items if record.each and chunk.items is not None else chunk.frame
    base = _join_lookups(base, record, lookups)
    columns: list[pl.Expr] = [
        pl.col("_line").alias("line_no"),
        (pl.col("_item") if record.each else pl.lit(0, dtype=pl.Int64)).alias("item_no"),
    ]
    if record.each:
        columns.append(pl.col("_bad").alias("_bad_item"))
    elif "_items_state" in base.columns:
        columns.append(pl.col("_items_state"))
    conflicts: list[pl.Expr] = []
    for name, spec in record.fields.items():
        columns.append(_value(name, spec, bool(record.each)).alias(name))
        if len(spec.paths) > 1 and spec.join is None and name == "unit_price":
            conflicts.append(_differs(spec, bool(record.each)))
    flags = pl.any_horizontal(conflicts) if conflicts else pl.lit(value=False)
    return base.select(*columns, flags.fill_null(value=False).alias("_price_conflict"))


def _paths_of(spec: Field) -> list[str]:
    paths = [*spec.paths]
    if spec.by:
        paths.append(spec.by)
    if spec.only_when:
        paths.append(spec.only_when[0])
    return paths


def _join_lookups(
    base: pl.DataFrame, record: RecordMap, lookups: Mapping[str, Lookup]
) -> pl.DataFrame:
    joined: set[tuple[str, str]] = set()
    for spec in record.fields.values():
        if spec.lookup is None or spec.by is None or (spec.lookup, spec.by) in joined:
            continue
        joined.add((spec.lookup, spec.by))
        table = lookups[spec.lookup]
        renamed = table.frame.rename(
            {c: f"{spec.lookup}.{c}" for c in table.frame.columns if c != table.key}
        )
        base = base.join(
            renamed, left_on=spec.by, right_on=table.key, how="left", maintain_order="left"
        )
    return base


def _column(path: str, *, in_element: bool) -> pl.Expr:
    return pl.col(path if in_element else path.removeprefix(ROOT))


def _value(name: str, spec: Field, in_element: bool) -> pl.Expr:
    value = _found(spec, in_element)
    if spec.inside:
        value = within_json(value, spec.inside)
    if spec.part is not None:
        # What does not look like it stays whole: the judge says what is wrong with it.
        value = pl.coalesce(value.str.extract(spec.part, 1), value)
    if spec.cents:
        value = from_cents(value)
    if spec.only_when is not None:
        path, words = spec.only_when
        holds = (
            _column(path, in_element=in_element)
            .str.to_lowercase()
            .is_in([word.lower() for word in words])
        )
        value = pl.when(holds).then(value)
    return value.alias(name)


def _found(spec: Field, in_element: bool) -> pl.Expr:
    if spec.const is not None:
        return pl.lit(spec.const)
    if spec.lookup:
        return pl.col(f"{spec.lookup}.{spec.take}")
    parts = [_column(path, in_element=in_element) for path in spec.paths]
    if len(parts) == 1:
        return parts[0]
    full = [pl.when(part.str.len_bytes() > 0).then(part) for part in parts]
    if spec.join is not None:
        # None of the columns is there: absent. They are there and empty: an empty text.
        joined = pl.concat_str(full, separator=spec.join, ignore_nulls=True)
        return pl.when(pl.any_horizontal(part.is_not_null() for part in parts)).then(joined)
    # The first path with content wins; if none has, a path that is there makes it "empty".
    return pl.coalesce(*full, *parts)


def _differs(spec: Field, in_element: bool) -> pl.Expr:
    first, *others = (_column(path, in_element=in_element) for path in spec.paths)
    said = first.str.len_bytes() > 0
    return pl.any_horizontal(
        [said & (other.str.len_bytes() > 0) & (other != first) for other in others]
    )
