"""Records of an XML document as text columns."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from shopnow.kernel import ShopnowError
from shopnow.sources.readers.model import ITEM, ITEM_BAD, ITEMS_STATE, LINE, RawChunk, RawLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from shopnow.sources.readers.model import BadLine

ROOT_PREFIX: Final = "$."
_NAME: Final = re.compile(r"(?:[\w-]+:)?[\w-]+")


class Found(NamedTuple):
    """One record: its number, its element, its bytes."""

    line: int
    element: Element
    raw: bytes


@dataclass(frozen=True, slots=True)
class FoundLines(RawLines):
    """Raw records of one chunk, by ascending number."""

    numbers: Sequence[int]
    raws: Sequence[bytes]

    def get(self, line_no: int) -> bytes:
        """Return the record numbered `line_no`; KeyError when not of this chunk."""
        at = bisect_left(self.numbers, line_no)
        if at == len(self.numbers) or self.numbers[at] != line_no:
            raise KeyError(line_no)
        return self.raws[at]


class _Path:
    """One path below a record: where its elements are, and which attribute of them, if any."""

    def __init__(self, name: str, namespaces: Mapping[str, str]) -> None:
        self.is_root = name.startswith(ROOT_PREFIX)
        steps, _, attribute = name.removeprefix(ROOT_PREFIX).rpartition("@")
        # An @ within a condition is no attribute to be given.
        if (not steps and not attribute.startswith("@") and "@" not in name) or "]" in attribute:
            steps, attribute = name.removeprefix(ROOT_PREFIX), ""
        self._place = steps.rstrip("/") or "."
        self._attribute = _in_braces(attribute, namespaces)
        self._namespaces = dict(namespaces)

    @property
    def child(self) -> str | None:
        """The tag, where the path leads to children of the record by name alone."""
        if self._attribute or not _NAME.fullmatch(self._place):
            return None
        return _in_braces(self._place, self._namespaces)

    def text(self, element: Element) -> str | None:
        """The first text that is not blank; "" when there are only blank ones, None for none."""
        if self._attribute and self._place == ".":
            value = element.get(self._attribute)
            return None if value is None else value.strip()
        return first_text(element.iterfind(self._place, self._namespaces), self._attribute)


def first_text(hits: Iterable[Element], attribute: str = "") -> str | None:
    """The first text (or attribute) that is not blank; "" for blank ones only, None for none."""
    best: str | None = None
    for hit in hits:
        if attribute:
            value = hit.get(attribute)
        else:
            value = "".join(hit.itertext()) if len(hit) else hit.text or ""
        if value is not None and (value := value.strip()):
            return value
        best = "" if value is not None else best
    return best


def _texts(paths: Mapping[str, _Path], elements: Sequence[Element]) -> dict[str, list[str | None]]:
    """A column of text a path; children that are asked for by name are looked up once a record."""
    texts: dict[str, list[str | None]] = {name: [] for name in paths}
    simple = {name: path.child for name, path in paths.items() if path.child is not None}
    others = {name: path for name, path in paths.items() if name not in simple}
    for element in elements:
        children: dict[str, list[Element]] = {}
        if simple:
            for child in element:
                children.setdefault(child.tag, []).append(child)
        for name, tag in simple.items():
            hits = children.get(tag)
            texts[name].append(first_text(hits) if hits else None)
        for name, path in others.items():
            texts[name].append(path.text(element))
    return texts


def _in_braces(name: str, namespaces: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{namespaces.get(prefix, prefix)}}}{local}" if colon else name


class XmlColumns:
    """Makes the frames of one document."""

    def __init__(
        self,
        namespaces: Mapping[str, str],
        paths: Sequence[str],
        each: str | None,
        item_paths: Sequence[str],
    ) -> None:
        """Raises ShopnowError for a path that nobody can follow."""
        self._roots = {name: _Path(name, namespaces) for name in dict.fromkeys(paths)}
        self._items = {name: _Path(name, namespaces) for name in dict.fromkeys(item_paths)}
        self._each = each
        self._namespaces = dict(namespaces)

    def chunk(self, found: Sequence[Found], bad: Sequence[BadLine]) -> RawChunk:
        """The records as a chunk."""
        numbers = [*(one.line for one in found), *(one.line_no for one in bad)]
        raws = [*(one.raw for one in found), *(one.raw for one in bad)]
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        raw = FoundLines([numbers[at] for at in order], [raws[at] for at in order])
        try:
            frame, items = self._frames(found)
        except SyntaxError as wrong:
            raise ShopnowError(
                f"a path into the XML cannot be followed: {wrong}",
                "correct the paths in the source file",
            ) from wrong
        return RawChunk(frame, items, tuple(bad), len(numbers), 0, raw)

    def _frames(self, found: Sequence[Found]) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        series = [pl.Series(LINE, [one.line for one in found], dtype=pl.Int64)]
        texts = _texts(self._roots, [one.element for one in found])
        series += [pl.Series(name, column, dtype=pl.String) for name, column in texts.items()]
        items = None
        if self._each is not None:
            inner = [one.element.findall(self._each, self._namespaces) for one in found]
            states = ["ok" if elements else "missing" for elements in inner]
            series.append(pl.Series(ITEMS_STATE, states, dtype=pl.String))
            items = self._exploded(found, inner)
        return pl.DataFrame(series), items

    def _exploded(self, found: Sequence[Found], inner: Sequence[Sequence[Element]]) -> pl.DataFrame:
        pairs = [
            (one, place, element)
            for one, elements in zip(found, inner, strict=True)
            for place, element in enumerate(elements, 1)
        ]
        series = [
            pl.Series(LINE, [one.line for one, _, _ in pairs], dtype=pl.Int64),
            pl.Series(ITEM, [place for _, place, _ in pairs], dtype=pl.Int64),
            pl.Series(ITEM_BAD, [None] * len(pairs), dtype=pl.String),
        ]
        for name, path in self._items.items():
            texts = [
                path.text(one.element if path.is_root else element) for one, _, element in pairs
            ]
            series.append(pl.Series(name, texts, dtype=pl.String))
        return pl.DataFrame(series)
