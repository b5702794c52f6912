"""Objects parsed from a small batch of NDJSON lines, as frames of text columns.

Batches are small on purpose: the parsed objects are then still in the processor's cache when
their columns are taken, which doubles the speed, and they are gone before the next ones come.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from shopnow.sources.readers.csv_exact import too_long_detail
from shopnow.sources.readers.json_values import (
    EMPTY,
    SCAN,
    SCAN_NUMBERS,
    ObjectColumns,
    Path,
    kind_of,
    parse_path,
    text_problem,
    walk,
)
from shopnow.sources.readers.model import (
    ITEM,
    ITEM_BAD,
    ITEMS_STATE,
    LINE,
    RAW_HEAD_BYTES,
    BadLine,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from shopnow.sources.readers.model import RawLines

ROOT_PREFIX: Final = "$."
JSON_SPACES: Final = " \t\r"
# Escapes that may stand for what no text column can hold; the parsed value decides.
DOUBTFUL_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class Layout:
    """The columns asked for, parsed once; `items`: whether from the root, and the path."""

    def __init__(self, paths: Sequence[str], each: str | None, item_paths: Sequence[str]) -> None:
        self.roots = {path: parse_path(path) for path in paths}
        self.each = parse_path(each) if each is not None else None
        self.items = {
            name: (name.startswith(ROOT_PREFIX), parse_path(name.removeprefix(ROOT_PREFIX)))
            for name in item_paths
        }


class Batch:
    """Whole lines as rows: `frame`, `items` (with `each`), `bad` lines and how many are `blank`.

    `data` ends with a line feed; `numbers` are the physical lines of its lines, `raw` gives lines
    by number.
    """

    def __init__(
        self, data: bytes, numbers: Iterable[int], layout: Layout, raw: RawLines, longest: int
    ) -> None:
        self._data = data
        self._of_lines = numbers
        self._layout = layout
        self._raw = raw
        self._longest = longest
        self._objects: list[dict[str, object]] = []
        self._numbers: list[int] = []
        self._texts: list[str] = []
        self._parsed_anew: tuple[int, object] = (-1, None)
        self.blank = 0
        self.bad: list[BadLine] = []
        self.items: pl.DataFrame | None = None
        self._parse()
        self.frame = self._frame()
        self._objects.clear()
        self._texts.clear()

    def _frame(self) -> pl.DataFrame:
        roots = ObjectColumns(self._objects, self._exact)
        numbers = np.array(self._numbers, np.int64)
        series = [pl.Series(LINE, numbers, dtype=pl.Int64)]
        for name, path in self._layout.roots.items():
            series.append(pl.Series(name, roots.texts(path), dtype=pl.String))
        if self._layout.each is not None:
            states, self.items = self._exploded(roots, self._layout.each, numbers)
            series.append(pl.Series(ITEMS_STATE, states, dtype=pl.String))
        return pl.DataFrame(series)

    def _parse(self) -> None:
        """Sort the lines into objects, blank and bad ones."""
        longest = self._longest
        has_long = len(self._data) > longest
        has_escapes = b"\\u" in self._data
        for number, line in zip(self._of_lines, self._lines(), strict=False):
            if line is None:
                self._add_bad(number, "undecodable", "octets qui ne sont pas de l'UTF-8")
            elif not (text := line.strip(JSON_SPACES)):
                self.blank += 1
            elif has_long and len(self._raw.get(number)) > longest:
                self._add_bad(number, "line_too_long", too_long_detail(longest))
            else:
                self._parse_line(number, text, has_escapes=has_escapes)

    def _lines(self) -> list[str] | list[str | None]:
        try:
            return self._data.decode().split("\n")[:-1]
        except UnicodeDecodeError:
            return [_decoded(line) for line in self._data.split(b"\n")[:-1]]

    def _parse_line(self, number: int, text: str, *, has_escapes: bool) -> None:
        try:
            value, end = SCAN(text, 0)
        except StopIteration as broken:
            self._add_bad(number, "invalid_json", _column_detail(int(broken.value)))
            return
        except (ValueError, RecursionError) as broken:
            self._add_bad(number, "invalid_json", _json_detail(broken))
            return
        if end != len(text):
            self._add_bad(number, "invalid_json", _column_detail(end))
        elif not isinstance(value, dict):
            self._add_bad(number, "not_an_object", "un objet JSON était attendu, entre { et }")
        elif has_escapes and DOUBTFUL_ESCAPE.search(text) and (problem := text_problem(value)):
            self._add_bad(number, *problem)
        else:
            self._objects.append(value)
            self._numbers.append(number)
            self._texts.append(text)

    def _add_bad(self, number: int, code: str, detail_fr: str) -> None:
        raw = self._raw.get(number)
        if code == "line_too_long":
            raw = raw[:RAW_HEAD_BYTES]
        self.bad.append(BadLine(number, code, detail_fr, raw))

    def _exact(self, row: int) -> object:
        if self._parsed_anew[0] != row:
            self._parsed_anew = (row, SCAN_NUMBERS(self._texts[row], 0)[0])
        return self._parsed_anew[1]

    def _exploded(
        self, roots: ObjectColumns, each: Path, numbers: NDArray[np.int64]
    ) -> tuple[list[str], pl.DataFrame]:
        """Return the state of each record's array, and a row for each element."""
        states: list[str] = []
        elements: list[object] = []
        parents: list[int] = []
        places: list[int] = []
        for row, value in enumerate(roots.values(each)):
            if isinstance(value, list):
                states.append("ok" if value else "empty")
                elements += value
                parents += [row] * len(value)
                places += range(len(value))
            else:
                states.append("missing" if value is None else "not_a_list")

        def exact(item: int) -> object:
            array = walk(self._exact(parents[item]), each)
            return array[places[item]] if isinstance(array, list) else None

        of_parent = np.array(parents, np.int64)
        series = [
            pl.Series(LINE, numbers[of_parent], dtype=pl.Int64),
            pl.Series(ITEM, np.array(places, np.int64) + 1, dtype=pl.Int64),
            *self._item_columns(elements, exact, roots, parents),
        ]
        return states, pl.DataFrame(series)

    def _item_columns(
        self,
        elements: list[object],
        exact: Callable[[int], object],
        roots: ObjectColumns,
        parents: list[int],
    ) -> list[pl.Series]:
        objects = [element if isinstance(element, dict) else EMPTY for element in elements]
        kinds = [
            None if isinstance(element, dict) else kind_of(exact(item))
            for item, element in enumerate(elements)
        ]
        columns = ObjectColumns(objects, exact)
        series = [pl.Series(ITEM_BAD, kinds, dtype=pl.String)]
        for name, (is_root, path) in self._layout.items.items():
            if is_root:
                of_root = roots.texts(path)
                texts = [of_root[row] for row in parents]
            else:
                texts = columns.texts(path)
            series.append(pl.Series(name, texts, dtype=pl.String))
        return series


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _column_detail(at: int) -> str:
    return f"JSON invalide au caractère {at + 1}"


def _json_detail(broken: Exception) -> str:
    at = getattr(broken, "pos", None)
    if at is not None:
        return _column_detail(int(at))
    if isinstance(broken, RecursionError):
        return "JSON invalide : trop d'objets imbriqués"
    return "JSON invalide : NaN et Infinity ne sont pas des nombres JSON"
