"""YAML of a source into the frozen model; whatever the model does not know is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import yaml

from shopnow.kernel import ShopnowError
from shopnow.sources import connectors
from shopnow.sources.model import (
    FEEDS,
    KINDS_OF_FEED,
    WAIVABLE,
    BundleFile,
    Field,
    RecordMap,
    Source,
)
from shopnow.sources.parse_field import read_field
from shopnow.sources.parse_layout import SourceError, known, mapping, read_dialect, read_line_rule
from shopnow.sources.yamltext import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from shopnow.sources.connectors import AnswerRoute, Connector

TOP_KEYS = {
    "name", "sender", "system", "feed", "mode", "zone", "authority", "order_namespace", "format",
    "dialect", "sequence", "returns", "adjustments", "case_insensitive_seller", "ambiguous",
    "nonexistent", "line_identity", "repeats", "may_lack", "seller", "items_required", "categories",
    "file_pattern", "files", "records", "lines", "connector", "answer",
}  # fmt: skip
COMPOSED = {
    "dialect", "files", "records", "line_identity", "may_lack", "lines", "connector", "answer",
}  # fmt: skip
# Files of the time zone database that name no zone of their own.
_NO_ZONES = ("posix", "right", "posixrules")
# Attributes of an order that its items share.
INHERITED = (
    "order_id", "customer_id", "currency", "said_at", "promised_at", "delivered_at",
    "customer_country", "sequence", "line_status",
)  # fmt: skip
CHOICES: dict[str, tuple[str | None, ...]] = {
    "feed": FEEDS,
    "mode": ("full", "delta"),
    "format": ("csv", "tsv", "xlsx", "json", "ndjson", "xml", "parquet"),
    "authority": ("feed", "embedded"),
    "sequence": ("line", None),
    "returns": ("negative_quantity", None),
    "adjustments": ("negative_price", None),
    "ambiguous": ("reject", "earliest", "latest"),
    "nonexistent": ("reject", "forward"),
    "categories": ("house", "google", "shopify", "none"),
    "repeats": ("keep", "replays"),
    "seller": ("house", None),
}


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
    top = mapping(document, where)
    known(top, TOP_KEYS, where)
    for key in ("name", "sender", "system", "feed", "format", "records"):
        if not top.get(key):
            raise SourceError(f"{where}: key {key!r} is missing", hint=f"Add `{key}: …`.")
    for key, values in CHOICES.items():
        if key in top and top[key] not in values:
            wanted = ", ".join(str(value) for value in values)
            raise SourceError(f"{where}: {key} is {top[key]!r}, wanted one of {wanted}")
    zone = str(top.get("zone", "Europe/Paris"))
    if not _is_zone(zone):
        raise SourceError(f"{where}: zone {zone!r} is no IANA time zone")
    simple = {key: top[key] for key in TOP_KEYS - COMPOSED if key in top and top[key] is not None}
    if top["format"] == "tsv":  # text with tabs: its dialect says the rest
        simple["format"] = "csv"
    source = Source(
        **simple,
        dialect=read_dialect(mapping(top.get("dialect") or {}, where), top["format"], where),
        lines=read_line_rule(top.get("lines"), where),
        files=_files(top.get("files") or {}, where),
        line_identity=tuple(top.get("line_identity") or ()),
        may_lack=_may_lack(top.get("may_lack") or (), where),
        records=_records(top["records"], where),
        connector=_connector(top, where),
        answer=_answer(top, where),
    )
    _check_records(source, where)
    _check_connector(source, where)
    return source


def _is_zone(name: str) -> bool:
    """Say whether there is a zone of that name; to list them all would open hundreds of files."""
    if name.partition("/")[0] in _NO_ZONES:
        return False
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return False
    return True


def _may_lack(value: Iterable[str], where: str) -> tuple[str, ...]:
    names = tuple(value)
    for name in names:
        if name not in WAIVABLE:
            wanted = ", ".join(WAIVABLE)
            raise SourceError(f"{where}: may_lack names {name!r}, wanted one of {wanted}")
    return names


def _files(value: Mapping[str, Any], where: str) -> tuple[BundleFile, ...]:
    files = []
    for name, spec in value.items():
        inner = dict(mapping(spec, f"{where}: files.{name}"))
        known(inner, {"pattern", "lookup", "optional", "lines"}, f"{where}: files.{name}")
        lines = read_line_rule(inner.pop("lines", None), f"{where}: files.{name}")
        files.append(BundleFile(name=name, lines=lines, **inner))
    return tuple(files)


def _records(value: object, where: str) -> tuple[RecordMap, ...]:
    records = []
    parent: dict[str, Field] = {}
    for kind, spec in mapping(value, f"{where}: records").items():
        place = f"{where}: records.{kind}"
        inner = mapping(spec, place)
        known(inner, {"file", "each", "fields"}, place)
        fields = {
            # A layout says `line_no`; in records that name is the line of the file.
            "order_line_no" if name == "line_no" else name: read_field(raw, f"{place}.{name}")
            for name, raw in mapping(inner.get("fields"), f"{place}.fields").items()
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


def _connector(top: Mapping[str, Any], where: str) -> Connector | None:
    # What reads one is imported for a source that has one; most are brought by hand.
    value = top.get("connector")
    return None if value is None else connectors.read_connector(value, where)


def _answer(top: Mapping[str, Any], where: str) -> AnswerRoute | None:
    value = top.get("answer")
    return None if value is None else connectors.read_answer(value, where)


def _check_connector(source: Source, where: str) -> None:
    if source.connector is None:
        return
    match source.connector:
        case connectors.RestConnector(is_paged=True) if source.format != "ndjson":
            raise SourceError(
                f"{where}: format is {source.format!r}, of gathered JSON pages wanted 'ndjson'",
                hint="Pages become one record a line; paths are those within a record.",
            )
        case connectors.RestConnector() if source.is_bundle:
            raise SourceError(f"{where}: a bundle is not fetched by REST, it needs kind: files")
        case connectors.FilesConnector() if not source.is_bundle and not source.file_pattern:
            raise SourceError(
                f"{where}: file_pattern is missing", hint="Say which files are deliveries."
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
