"""JSON values as text columns: what a path finds in each object, its number text kept exactly.

Numbers are parsed as text, never through a binary float: 0.10 stays 0.10.
"""

from __future__ import annotations

import json
from types import NoneType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EMPTY: Final[dict[str, object]] = {}
Path = tuple[str, ...]


class NumberText(str):
    """The text of a JSON number, where it must be told from a string."""

    __slots__ = ()


def refuse_constant(name: str) -> object:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(name)


# The scanner itself, without the copies and checks of json.loads around it: a third faster.
def _scanner(number: Callable[[str], object]) -> Callable[[str, int], tuple[object, int]]:
    decoder = json.JSONDecoder(parse_float=number, parse_int=number, parse_constant=refuse_constant)
    scan: Callable[[str, int], tuple[object, int]] = vars(decoder)["scan_once"]
    return scan


SCAN: Final = _scanner(str)
SCAN_NUMBERS: Final = _scanner(NumberText)


def parse_path(path: str) -> Path:
    """Return the keys of a dotted path.

    >>> parse_path("customer.id")
    ('customer', 'id')
    """
    return tuple(path.split("."))


def scan_json(text: str) -> object:
    """Return the value of a JSON text, its numbers as `NumberText`; ValueError when it is none.

    >>> scan_json('{"price": 1.50}')
    {'price': '1.50'}
    """
    bare = text.strip()
    try:
        value, end = SCAN_NUMBERS(bare, 0)
    except StopIteration:
        raise ValueError("no JSON") from None
    if end != len(bare):
        raise ValueError("text after the JSON")
    return value


def compact_json(value: object) -> str:
    """Return the compact JSON text of a value whose numbers are `NumberText`.

    >>> compact_json({"a": [NumberText("1.50"), "x", None]})
    '{"a":[1.50,"x",null]}'
    """
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{compact_json(key)}:{compact_json(item)}" for key, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def kind_of(value: object) -> str | None:
    """Name the JSON kind of a value parsed with `SCAN_NUMBERS`; None for an object."""
    if isinstance(value, dict):
        return None
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, NumberText):
        return "number"
    return "array" if isinstance(value, list) else "string"


def walk(value: object, path: Path) -> object:
    """Return what stands at `path` below `value`, None when nothing does."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def json_text_at(text: str, keys: Sequence[str]) -> str | None:
    """Return as text what stands at `keys` in a JSON text; the text itself when it is no JSON."""
    bare = text.strip()
    try:
        value, end = SCAN_NUMBERS(bare, 0)
    except (ValueError, StopIteration, RecursionError):
        return text
    if end != len(bare) or text_problem(value) is not None:
        return text
    for key in keys:
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            value = value.get(key) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return compact_json(value)


def text_problem(value: object) -> tuple[str, str] | None:
    """Return code and French detail of a character that no text column holds; None if all fit."""
    if isinstance(value, str):
        if "\0" in value:
            return "nul_byte", "caractère nul (\\u0000) dans un texte"
        if _encodes(value):
            return None
        return "invalid_json", "demi-caractère Unicode isolé (\\ud800 à \\udfff)"
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    parts = value if isinstance(value, list) else ()
    return next((problem for part in parts if (problem := text_problem(part))), None)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class ObjectColumns:
    """Text columns over a list of objects; each step of a path is taken once for all columns.

    `exact(row)` gives the same object parsed anew with `SCAN_NUMBERS`, for nested values.
    """

    def __init__(
        self, objects: Sequence[dict[str, object]], exact: Callable[[int], object]
    ) -> None:
        """Take `objects` as the values at the empty path."""
        self._at: dict[Path, Sequence[dict[str, object]]] = {(): objects}
        self._exact = exact

    def values(self, path: Path) -> list[object]:
        """Return the value at `path` in each object, None where it is null or a key is missing."""
        key = path[-1]
        return [parent.get(key) for parent in self._objects(path[:-1])]

    def texts(self, path: Path) -> list[object]:
        """Return the values at `path` as text: null = absent, "" = JSON null or empty."""
        values = self.values(path)
        kinds = set(map(type, values))
        if not kinds <= {str, NoneType}:
            values = [
                value if value is None or isinstance(value, str) else self._text(row, path, value)
                for row, value in enumerate(values)
            ]
        if NoneType in kinds:
            key, parents = path[-1], self._objects(path[:-1])
            values = [
                "" if value is None and key in parent else value
                for value, parent in zip(values, parents, strict=True)
            ]
        return values

    def _objects(self, path: Path) -> Sequence[dict[str, object]]:
        if path not in self._at:
            self._at[path] = [
                value if isinstance(value, dict) else EMPTY for value in self.values(path)
            ]
        return self._at[path]

    def _text(self, row: int, path: Path, value: object) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return compact_json(walk(self._exact(row), path))
