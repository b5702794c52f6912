"""YAML of a source into the frozen model; whatever the model does not know is refused."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, get_args
from zoneinfo import available_timezones

import yaml

from shopnow.kernel import ShopnowError, TerminalError
from shopnow.sources.model import (
    FEEDS,
    KINDS_OF_FEED,
    BundleFile,
    Dialect,
    Field,
    RecordMap,
    Source,
    TimeForm,
)
from shopnow.sources.yamltext import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TOP_KEYS = {
    "name", "sender", "system", "feed", "mode", "zone", "authority", "order_namespace", "format",
    "dialect", "sequence", "returns", "adjustments", "case_insensitive_seller", "ambiguous",
    "nonexistent", "line_identity", "items_required", "categories", "file_pattern", "files",
    "records",
}  # fmt: skip
# Attributes of an order that its items share.
INHERITED = (
    "order_id", "customer_id", "currency", "said_at", "promised_at", "delivered_at",
    "customer_country", "sequence", "line_status",
)  # fmt: skip
FIELD_KEYS = {"path", "const", "lookup", "by", "take", "words", "time", "only_when"}
TIME_FORMS = get_args(TimeForm)
CHOICES: dict[str, tuple[str | None, ...]] = {
    "feed": FEEDS,
    "mode": ("full", "delta"),
    "format": ("csv", "ndjson", "parquet"),
    "authority": ("feed", "embedded"),
    "sequence": ("line", None),
    "returns": ("negative_quantity", None),
    "adjustments": ("negative_price", None),
    "ambiguous": ("reject", "earliest", "latest"),
    "nonexistent": ("reject", "forward"),
    "categories": ("house", "none"),
}


class SourceError(TerminalError):
    """A source file that does not say what a source must say."""


def load_source(path: Path) -> Source:
    """The source that `path` declares.

    Raises SourceError naming file, key, what was wanted and what was found.
    """
    try:
        document = read_yaml(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SourceError(
            f"source file {path.name} cannot be read: {error}",
            hint="Check that the file exists and is YAML in UTF-8.",
        ) from error
    return parse_source(document, where=path.name)


def parse_source(document: object, *, where: str) -> Source:
    """The source declared by a parsed YAML document; `where` names it in errors."""
    top = _mapping(document, where)
    _known(top, TOP_KEYS, where)
    for key in ("name", "sender", "system", "feed", "format", "records"):
        if not top.get(key):
            raise SourceError(f"{where}: key {key!r} is missing", hint=f"Add `{key}: …`.")
    for key, values in CHOICES.items():
        if key in top and top[key] not in values:
            wanted = ", ".join(str(value) for value in values)
            raise SourceError(f"{where}: {key} is {top[key]!r}, wanted one of {wanted}")
    zone = str(top.get("zone", "Europe/Paris"))
    if zone not in _zones():
        raise SourceError(f"{where}: zone {zone!r} is no IANA time zone")
    simple = {
        key: top[key]
        for key in TOP_KEYS - {"dialect", "files", "records", "line_identity"}
        if key in top and top[key] is not None
    }
    source = Source(
        **simple,
        dialect=_dialect(top.get("dialect") or {}, where),
        files=_files(top.get("files") or {}, where),
        line_identity=tuple(top.get("line_identity") or ()),
        records=_records(top["records"], where),
    )
    _check_records(source, where)
    return source


@cache
def _zones() -> frozenset[str]:
    """Every zone there is; asking costs a walk through hundreds of files."""
    return frozenset(available_timezones())


def _mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SourceError(f"{where}: wanted a mapping of keys, found {type(value).__name__}")
    return value


def _known(found: Iterable[str], known: set[str], where: str) -> None:
    for key in found:
        if key not in known:
            near = get_close_matches(str(key), sorted(known), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {sorted(known)}."
            raise SourceError(f"{where}: unknown key {key!r}", hint=hint)


def _dialect(value: Mapping[str, Any], where: str) -> Dialect:
    _known(value, {"delimiter", "quote", "encoding", "decimal", "header_line"}, f"{where}: dialect")
    delimiter = str(value.get("delimiter", ","))
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(delimiter) != 1:
        raise SourceError(f"{where}: delimiter {delimiter!r} is not one character")
    return Dialect(**{**value, "delimiter": delimiter})


def _files(value: Mapping[str, Any], where: str) -> tuple[BundleFile, ...]:
    files = []
    for name, spec in value.items():
        inner = _mapping(spec, f"{where}: files.{name}")
        _known(inner, {"pattern", "lookup", "optional"}, f"{where}: files.{name}")
        files.append(BundleFile(name=name, **inner))
    return tuple(files)


def _records(value: object, where: str) -> tuple[RecordMap, ...]:
    records = []
    parent: dict[str, Field] = {}
    for kind, spec in _mapping(value, f"{where}: records").items():
        place = f"{where}: records.{kind}"
        inner = _mapping(spec, place)
        _known(inner, {"file", "each", "fields"}, place)
        fields = {
            # A layout says `line_no`; in records that name is the line of the file.
            "order_line_no" if name == "line_no" else name: _field(raw, f"{place}.{name}")
            for name, raw in _mapping(inner.get("fields"), f"{place}.fields").items()
        }
        if inner.get("each"):
            fields = _inherited(parent) | fields
        else:
            parent = fields
        records.append(
            RecordMap(kind=kind, fields=fields, file=inner.get("file"), each=inner.get("each"))
        )
    return tuple(records)


def _inherited(parent: Mapping[str, Field]) -> dict[str, Field]:
    """What an element of an array takes over from the object around it, unless it says more."""
    names = {name: name for name in INHERITED} | {"ordered_at": "purchased_at"}
    return {
        name: replace(
            parent[of],
            paths=tuple(
                path if path.startswith("$.") else f"$.{path}" for path in parent[of].paths
            ),
            only_when=_rooted(parent[of].only_when),
        )
        for name, of in names.items()
        if of in parent
    }


def _rooted(
    when: tuple[str, tuple[str, ...]] | None,
) -> tuple[str, tuple[str, ...]] | None:
    return when and (when[0] if when[0].startswith("$.") else f"$.{when[0]}", when[1])


def _field(raw: object, where: str) -> Field:
    if isinstance(raw, str):
        return Field(paths=(raw,))
    if isinstance(raw, list):
        return Field(paths=tuple(str(path) for path in raw))
    spec = _mapping(raw, where)
    _known(spec, FIELD_KEYS, where)
    path = spec.get("path", ())
    times = spec.get("time", ("iso", "local"))
    times = (times,) if isinstance(times, str) else tuple(times)
    for form in times:
        if form not in TIME_FORMS:
            raise SourceError(f"{where}: time {form!r}, wanted one of {', '.join(TIME_FORMS)}")
    when = spec.get("only_when")
    return Field(
        paths=(path,) if isinstance(path, str) else tuple(path),
        const=None if spec.get("const") is None else str(spec["const"]),
        lookup=spec.get("lookup"),
        by=spec.get("by"),
        take=spec.get("take"),
        words=tuple((str(k).lower(), str(v)) for k, v in (spec.get("words") or {}).items()),
        times=times,
        only_when=None if not when else (str(when["path"]), tuple(map(str, when["in"]))),
    )


def _check_records(source: Source, where: str) -> None:
    allowed = KINDS_OF_FEED[source.feed]
    lookups = {file.name for file in source.files if file.lookup}
    mains = {file.name for file in source.files if not file.lookup}
    for record in source.records:
        if record.kind not in allowed:
            raise SourceError(
                f"{where}: record {record.kind!r} does not belong to feed {source.feed!r}",
                hint=f"Records of this feed: {', '.join(allowed)}.",
            )
        if source.is_bundle and record.file not in mains:
            raise SourceError(f"{where}: record {record.kind!r} names no main file of the bundle")
        for name, spec in record.fields.items():
            if spec.lookup and spec.lookup not in lookups:
                raise SourceError(f"{where}: {name} looks up {spec.lookup!r}, no lookup file")
    if not source.is_platform and source.feed not in ("products", "offers"):
        raise ShopnowError(
            f"{where}: seller {source.sender} may not send feed {source.feed!r}",
            hint="A seller sends products and offers; the platform may send every feed.",
        )
