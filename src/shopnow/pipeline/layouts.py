"""What the columns of a file are, and how they differ from those of the files before (no I/O).

Protects "schema drift is never silent": a column that is new, gone or of another nature is found
whatever the format; the values themselves are only looked at, never kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from shopnow.sources import wanted_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from shopnow.sources import RawChunk, Source

# A file with a header has a column or has it not; an object may leave out what it likes.
WITH_HEADER: Final = ("csv", "xlsx", "parquet")
# Fewer values say nothing; from the second number on they may show anything but text alone.
_FEW, ENOUGH = 5, 20
_CLEAR: Final = 0.95
_SAMPLED_ROWS, _SAMPLED_RECORDS, _MOST_NAMES, _DEEPEST = 1_000, 200, 500, 5
_LOOKS: Final = {
    "time": r"^\s*(\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})",
    "number": r"^\s*'?[-+]?\d[\d\s.,]*([eE][-+]?\d+)?\s*$",
    "truth": r"^\s*(?i:true|false|yes|no|oui|non|vrai|faux)\s*$",
}
_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_VALUE_LIKE: Final = re.compile(r"@|[0-9]{5}")
_LONGEST: Final = 64
MASKED: Final = "(nom masqué)"
# The nature of each column by its name; "" where it is not known.
Layout = dict[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """How a file differs from those before it: columns that nobody knew, and of another nature."""

    new: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()


def compared(known: Layout | None, seen: Layout, read: frozenset[str]) -> Changes:
    """The changes that `seen` brings; `read`: columns that the source reads, never news.

    >>> compared({"sku": "text"}, {"sku": "number", "note": ""}, frozenset({"sku"}))
    Changes(new=('note',), retyped=('sku',))
    """
    if known is None:
        return Changes()
    new = tuple(name for name in seen if name not in known and not _is_read(name, read))
    retyped = tuple(
        name for name, nature in seen.items() if nature and known.get(name, "") not in ("", nature)
    )
    return Changes(new, retyped)


def merged(known: Layout | None, seen: Layout, *, has_header: bool) -> Layout:
    """What the next file is compared with: a nature lasts until another one is seen."""
    before = known or {}
    layout = {name: nature or before.get(name, "") for name, nature in seen.items()}
    if not has_header:
        layout = {**before, **layout}
    return dict(list(layout.items())[:_MOST_NAMES])


def _is_read(name: str, read: frozenset[str]) -> bool:
    return name in read or any(name.startswith((f"{path}.", f"{path}[")) for path in read)


def read_columns(source: Source, part: str | None) -> frozenset[str]:
    """Columns and members that the source reads, named as in `names_of`."""
    roots, elements, each = wanted_paths(source, part)
    within = [f"{each}[].{path}" for path in elements if not path.startswith("$.")]
    paths = [*roots, *within]
    if source.format == "xml":
        paths = [word for path in (*roots, *elements) for word in re.split(r"[/:.@\[\]]", path)]
    return frozenset(paths)


def lacked(source: Source, part: str | None, columns: Iterable[str]) -> list[tuple[str, str]]:
    """Kinds and attributes for which a file with these columns has nothing to read."""
    present = set(columns)
    return [
        (record.kind, name)
        for record in source.records_of(part)
        for name, spec in record.fields.items()
        if spec.paths and present.isdisjoint(path.removeprefix("$.") for path in spec.paths)
        if not any("." in path and path.split(".", 1)[0] in _lookups(source) for path in spec.paths)
    ]


def _lookups(source: Source) -> set[str]:
    return {bundled.name for bundled in source.files if bundled.lookup}


def names_of(chunk: RawChunk, form: str) -> Iterator[str]:
    """Names of members or elements in some records of a chunk, in the order they are met."""
    lines = chunk.frame["_line"]
    step = max(1, len(lines) // _SAMPLED_RECORDS)
    for line in lines.gather_every(step).to_list():
        try:
            raw = chunk.raw.get(line)
        except KeyError:
            continue
        if form == "xml":
            yield from (tag.decode() for tag in _TAG.findall(raw))
            continue
        try:
            record = json.loads(raw)
        except ValueError:
            continue
        yield from _members(record, "", 0)


def _members(value: object, before: str, depth: int) -> Iterator[str]:
    if isinstance(value, dict) and depth < _DEEPEST:
        for name, inner in value.items():
            path = f"{before}.{name}" if before else str(name)
            if isinstance(inner, (dict, list)) and inner:
                yield from _members(inner, path, depth + 1)
            else:
                yield path
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _members(inner, f"{before}[]", depth)
    else:
        yield before


def shown(name: str) -> str:
    """A column's name as it may be said; one that looks like a value of a person is masked.

    >>> shown("Prix TTC"), shown("ada@s1.test")
    ('Prix TTC', '(nom masqué)')
    """
    return MASKED if len(name) > _LONGEST or _VALUE_LIKE.search(name) else name


def looked_at(frame: pl.DataFrame, place: pl.Expr | None = None) -> pl.DataFrame:
    """How many values of each column look like what, over a sample where all are of one file.

    One row a place and column: _place, column, filled, and one number a look.
    """
    names = [name for name, kind in frame.schema.items() if _is_text(name, kind)]
    if place is None:
        frame = frame.gather_every(max(1, frame.height // _SAMPLED_ROWS))
    of = pl.lit(0, dtype=pl.Int64) if place is None else place
    filled = pl.col(names).str.len_bytes() > 0
    counts = [filled.sum().name.suffix("?filled")]
    counts += [
        pl.col(names).str.contains(look).sum().name.suffix(f"?{nature}")
        for nature, look in _LOOKS.items()
    ]
    wide = (
        frame.with_columns(of.alias("_place")).group_by("_place", maintain_order=True).agg(*counts)
    )
    # Read as it stands, a row a place: a query a column would cost more than to look.
    told = [
        (row["_place"], name, *(row[f"{name}?{what}"] for what in ("filled", *_LOOKS)))
        for name in names
        for row in wide.iter_rows(named=True)
    ]
    return pl.DataFrame(told, schema=LOOKED, orient="row")


LOOKED: Final = {
    "_place": pl.Int64, "column": pl.String, "filled": pl.Int64,
    **dict.fromkeys(_LOOKS, pl.Int64),
}  # fmt: skip


def _is_text(name: str, kind: pl.DataType) -> bool:
    return kind == pl.String and not name.startswith("_")


def nature(filled: int, looks: Mapping[str, int]) -> str:
    """What the values of a column are; "" where too few were seen to say it.

    >>> nature(100, {"time": 0, "number": 98, "truth": 0}), nature(3, {"number": 3})
    ('number', '')
    """
    if filled < _FEW:
        return ""
    if filled < ENOUGH:
        return "" if any(looks.values()) else "text"
    clear = (name for name, hits in looks.items() if hits >= _CLEAR * filled)
    return next(clear, "text")


def natures(counted: pl.DataFrame) -> dict[int, Layout]:
    """The nature of each column, by place; `counted` as `looked_at` gives it."""
    found: dict[int, Layout] = {}
    for place, column, filled, *looks in counted.iter_rows():
        found.setdefault(place, {})[column] = nature(filled, dict(zip(_LOOKS, looks, strict=True)))
    return found
