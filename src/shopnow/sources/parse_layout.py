"""YAML of a source's dialect and line rules into the model; an unknown key is refused."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from shopnow.kernel import TerminalError
from shopnow.sources.model import Dialect, LineRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DIALECT_KEYS = {
    "delimiter", "quote", "encoding", "decimal", "header_line", "sheet", "record", "namespaces",
    "doctype",
}  # fmt: skip
_LINE_KEYS = {"keep", "same", "inherit", "continued"}


class SourceError(TerminalError):
    """A source file that does not say what a source must say."""


def mapping(value: object, where: str) -> dict[str, Any]:
    """The value as a mapping; raises SourceError when it is none."""
    if not isinstance(value, dict):
        raise SourceError(f"{where}: wanted a mapping of keys, found {type(value).__name__}")
    return value


def known(found: Iterable[str], keys: set[str], where: str) -> None:
    """Refuse a key that nobody reads, with the nearest one that somebody does."""
    for key in found:
        if key not in keys:
            near = get_close_matches(str(key), sorted(keys), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {sorted(keys)}."
            raise SourceError(f"{where}: unknown key {key!r}", hint=hint)


def read_dialect(value: Mapping[str, Any], file_format: str, where: str) -> Dialect:
    """The dialect; of tab-separated files a quote means nothing unless the source says so."""
    known(value, _DIALECT_KEYS, f"{where}: dialect")
    spec = dict(value)
    if file_format == "tsv":
        spec = {"delimiter": "\t", "quote": None} | spec
    delimiter = str(spec.get("delimiter", ","))
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(delimiter) != 1:
        raise SourceError(f"{where}: delimiter {delimiter!r} is not one character")
    spaces = mapping(spec.get("namespaces") or {}, f"{where}: dialect.namespaces")
    if file_format == "xml" and not spec.get("record"):
        raise SourceError(
            f"{where}: dialect.record is missing",
            hint="Say where the records stand, for instance `record: rss/channel/item`.",
        )
    spec |= {"delimiter": delimiter, "namespaces": tuple(spaces.items())}
    return Dialect(**spec)


def read_line_rule(value: object, where: str) -> LineRule:
    """Which lines carry a record."""
    spec = mapping(value or {}, f"{where}: lines")
    known(spec, _LINE_KEYS, f"{where}: lines")
    if (spec.get("inherit") or spec.get("continued")) and not spec.get("same"):
        raise SourceError(f"{where}: lines.inherit and lines.continued need lines.same")
    keep = mapping(spec.get("keep") or {}, f"{where}: lines.keep")
    return LineRule(
        keep=tuple((name, tuple(map(str, words))) for name, words in keep.items()),
        same=spec.get("same"),
        inherit=tuple(spec.get("inherit") or ()),
        continued=tuple(spec.get("continued") or ()),
    )
