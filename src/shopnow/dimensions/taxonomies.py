"""Category trees as files: the house's own table, and the texts of Google and Shopify.

Protects judgement by category: a file of which one line is not understood is refused whole, with
that line, so that no branch of a tree is missing without a word.
"""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.kernel import TerminalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SEPARATOR = " > "
HOUSE, GOOGLE, SHOPIFY = "house", "google", "shopify"
TAXONOMIES = (HOUSE, GOOGLE, SHOPIFY)
_GZIP = b"\x1f\x8b"
# Trees of the wide world have twelve thousand nodes: 64 MiB of text is no tree.
_LARGEST = 64 << 20
_GOOGLE_HEAD = re.compile(r"# Google_Product_Taxonomy_Version: *(\S+)")
_SHOPIFY_HEAD = re.compile(r"# Shopify Product Taxonomy - Categories: *(\S+)")
_GOOGLE_LINE = re.compile(r"(\d+) - (.+)")
_SHOPIFY_LINE = re.compile(r"gid://shopify/TaxonomyCategory/([a-z0-9-]+) *: (.+)")
_COLUMNS = ("category_id", "path_fr", "path_en")


class TaxonomyError(TerminalError):
    """A file that is no category tree; the message names the line."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree; paths from the root, level 1 has no parent."""

    category_id: str
    parent_id: str | None
    path_fr: str
    path_en: str
    level: int


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A tree: where it comes from, its version, its nodes, parents before children."""

    name: str
    version: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The paths of one file, by identifier."""

    name: str
    version: str
    paths: dict[str, str]


def house_tree(contracts_dir: Path) -> Path:
    """The file of the house's own tree."""
    return contracts_dir / "categories" / "shopnow.csv"


def read_taxonomy(french: Path | None, english: Path | None) -> Taxonomy:
    """A tree from its file, or from two files of one version, a language each.

    The house's table holds both languages and is given as either one.  Where only one language is
    given its paths stand for both.  Raises TaxonomyError naming the line that is not understood,
    UsageError when the two files do not belong together.
    """
    given = [path for path in (french, english) if path is not None]
    if not given:
        raise UsageError("no file of a taxonomy", "Give a file, or --fr and --en.")
    texts = [_text(path) for path in given]
    if len(given) == 1 and texts[0].startswith(",".join(_COLUMNS)):
        return _house(texts[0], given[0].name)
    parts = [_paths(text, path.name) for text, path in zip(texts, given, strict=True)]
    if len({(part.name, part.version) for part in parts}) != 1:
        raise UsageError(
            "the two files are not of one taxonomy and version",
            ", ".join(f"{path.name}: {part.name} {part.version}"
                      for path, part in zip(given, parts, strict=True)),
        )  # fmt: skip
    first, last = parts[0], parts[-1]
    if first.paths.keys() != last.paths.keys():
        odd = sorted(first.paths.keys() ^ last.paths.keys())
        raise TaxonomyError(
            f"{len(odd)} categories stand in one language only, {odd[0]!r} among them"
        )
    return Taxonomy(first.name, first.version, _tree(first.paths, last.paths, first.name))


def _text(path: Path) -> str:
    if not path.is_file():
        raise UsageError(f"no file {path.name!r}", "Give the path of an existing file.")
    data = path.read_bytes()
    if data.startswith(_GZIP):
        with gzip.open(path) as stream:
            data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise TaxonomyError(f"{path.name}: more than {_LARGEST >> 20} MiB of text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{path.name}: not UTF-8 at byte {error.start}") from error


def _house(text: str, name: str) -> Taxonomy:
    french: dict[str, str] = {}
    english: dict[str, str] = {}
    reader = csv.DictReader(text.splitlines())
    for row in reader:
        cells = [(row.get(column) or "").strip() for column in _COLUMNS]
        if not all(cells) or None in row:
            raise TaxonomyError(f"{name}, line {reader.line_num}: wanted {', '.join(_COLUMNS)}")
        if cells[0] in french:
            raise TaxonomyError(f"{name}, line {reader.line_num}: {cells[0]!r} stands twice")
        french[cells[0]], english[cells[0]] = cells[1], cells[2]
    return Taxonomy(HOUSE, f"shopnow-{len(french)}", _tree(french, english, HOUSE))


def _paths(text: str, name: str) -> _Texts:
    lines = text.splitlines()
    head = lines[0] if lines else ""
    for taxonomy, title, form in (
        (GOOGLE, _GOOGLE_HEAD, _GOOGLE_LINE), (SHOPIFY, _SHOPIFY_HEAD, _SHOPIFY_LINE),
    ):  # fmt: skip
        found = title.match(head)
        if found:
            return _Texts(taxonomy, found[1], _lines(lines, form, taxonomy, name))
    raise TaxonomyError(
        f"{name}, line 1: no head of a Google or Shopify taxonomy, nor of the house's table"
    )


def _lines(lines: Iterable[str], form: re.Pattern[str], taxonomy: str, name: str) -> dict[str, str]:
    paths: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        found = form.fullmatch(line.strip())
        if found is None:
            raise TaxonomyError(f"{name}, line {number}: not a category of {taxonomy}")
        key = f"{taxonomy}:{found[1]}"
        if key in paths:
            raise TaxonomyError(f"{name}, line {number}: {found[1]!r} stands twice")
        paths[key] = found[2].strip()
    return paths


def _tree(french: Mapping[str, str], english: Mapping[str, str], taxonomy: str) -> tuple[Node, ...]:
    """Nodes whose parents are found by their English path; a path without its parent is refused.

    Two nodes may have one path (Shopify's French has such twins), unless something stands below.
    """
    by_path: dict[str, list[str]] = {}
    for key, path in english.items():
        by_path.setdefault(path, []).append(key)
    nodes = []
    for key, path in english.items():
        above, _, _ = path.rpartition(SEPARATOR)
        parents = by_path.get(above, [])
        if above and len(parents) != 1:
            which = f"{parents[0]!r} and {parents[1]!r} both" if parents else "nothing"
            raise TaxonomyError(f"{taxonomy}: {which} stand above {key!r}")
        parent = parents[0] if above else None
        nodes.append(Node(key, parent, french[key], path, path.count(SEPARATOR) + 1))
    return tuple(sorted(nodes, key=lambda node: (node.level, node.category_id)))
