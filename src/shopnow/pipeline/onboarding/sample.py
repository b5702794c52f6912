"""The beginning of a file that nobody has described yet: its format, its columns, some values.

Everything here is a guess for a draft that a person reads; deliveries are read by the source file
alone.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import fastexcel
import polars as pl

from shopnow.kernel import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HEAD: Final = 1 << 20
_ROWS: Final = 1000
_DELIMITERS: Final = (";", ",", "\t", "|")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FIRST_LINES: Final = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """What the head of a file shows; `values` by column (a dotted path in JSON), at most 1000 each.

    `unsure`: French sentences about what was assumed of the file as a whole.
    """

    format: str
    columns: tuple[str, ...]
    values: dict[str, list[str]]
    delimiter: str = ","
    encoding: str = "utf-8"
    header_line: int = 1
    unsure: tuple[str, ...] = ()


def take_sample(path: Path) -> Sample:
    """Look at the head of `path`; raises UsageError where it shows no table of columns."""
    if not path.is_file():
        raise UsageError(f"no file {path}", "Give the path of a sample that the seller sent.")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head[:2] == b"\x1f\x8b":
        with gzip.open(path) as stream:
            head = stream.read(_HEAD)
    if not head.strip():
        raise UsageError(f"{path.name} is empty", "Ask the seller for the export again.")
    if head[:4] == b"PK\x03\x04":
        return _workbook(path)
    if head[:4] == b"PAR1":
        frame = pl.read_parquet(path, n_rows=_ROWS).cast(pl.String, strict=False)
        return _from_frame("parquet", frame)
    text, encoding = _decoded(head)
    if text.lstrip()[:1] in "{[":
        return _json(text)
    if text.lstrip()[:1] == "<":
        raise UsageError(
            f"{path.name} is XML: no draft is made of it",
            "Copy the nearest source of examples/feeds and adapt its paths.",
        )
    return _text(text, encoding)


def _workbook(path: Path) -> Sample:
    if not zipfile.is_zipfile(path) or "xl/workbook.xml" not in zipfile.ZipFile(path).namelist():
        raise UsageError(f"{path.name} is an archive, not a workbook", "Unpack it first.")
    reader = fastexcel.read_excel(path)
    sheet = reader.load_sheet(0, n_rows=_ROWS, dtypes="string").to_polars()
    found = _from_frame("xlsx", sheet)
    unsure: tuple[str, ...] = ()
    if len(reader.sheet_names) > 1:
        names = ", ".join(reader.sheet_names)
        unsure = (f"le classeur a plusieurs feuilles ({names}) : la première est lue",)
    return Sample("xlsx", found.columns, found.values, unsure=unsure)


def _from_frame(form: str, frame: pl.DataFrame) -> Sample:
    names = [name for name in frame.columns if not name.startswith("__UNNAMED__")]
    values = {name: [v for v in frame[name].cast(pl.String) if v] for name in names}
    return Sample(form, tuple(names), values)


def _decoded(head: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head.decode(encoding, "ignore").lstrip("\ufeff"), encoding
    try:
        # The head may end within a character.
        return head[: max(len(head) - 4, 0)].decode() + head[-4:].decode("utf-8", "ignore"), "utf-8"
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace"), "cp1252"


def _text(text: str, encoding: str) -> Sample:
    lines = text.splitlines()[:_FIRST_LINES]
    counts = {mark: [line.count(mark) for line in lines] for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: Counter(counts[mark]).most_common(1)[0][0])
    usual = Counter(counts[delimiter]).most_common(1)[0][0]
    if not usual:
        raise UsageError("the file shows no columns", "Is it a table? Look at its first lines.")
    header_line = next(n for n, count in enumerate(counts[delimiter], 1) if count >= usual)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    # Physical lines before the header hold no quoted line ends: they are short titles.
    header = [name.strip() for name in rows[header_line - 1]]
    body = rows[header_line : header_line + _ROWS]
    unsure = []
    if header_line > 1:
        unsure.append(f"l'en-tête est lu à la ligne {header_line}")
    if encoding == "cp1252":
        unsure.append("le fichier n'est pas en UTF-8 : il est lu en Windows-1252 (accents à voir)")
    doubled = [name for name, count in Counter(header).items() if count > 1]
    if doubled:
        unsure.append(f"des colonnes portent le même nom : {', '.join(doubled)}")
    columns = tuple(name for name in dict.fromkeys(header) if name)
    values: dict[str, list[str]] = {name: [] for name in columns}
    for row in body:
        for name, cell in zip(header, row, strict=False):
            if name and cell.strip():
                values[name].append(cell)
    form = "csv"
    return Sample(form, columns, values, delimiter, encoding, header_line, tuple(unsure))


def _json(text: str) -> Sample:
    objects, form, unsure = _objects(text)
    values: dict[str, list[str]] = {}
    for one in objects[:_ROWS]:
        for path, value in _paths(one):
            values.setdefault(path, [])
            if value:
                values[path].append(value)
    if not values:
        raise UsageError("the file shows no JSON object", "One object a line, or one array.")
    return Sample(form, tuple(values), values, unsure=unsure)


def _objects(text: str) -> tuple[list[dict[str, Any]], str, tuple[str, ...]]:
    found = []
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    if found:
        return found, "ndjson", ()
    try:
        whole = json.loads(text)
    except ValueError:
        return [], "json", ()
    if isinstance(whole, list):
        return [one for one in whole if isinstance(one, dict)], "json", ()
    return _array_in(whole)


def _array_in(whole: dict[str, Any]) -> tuple[list[dict[str, Any]], str, tuple[str, ...]]:
    for name, value in whole.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            unsure = (f"les enregistrements sont lus dans le tableau « {name} »",)
            return [one for one in value if isinstance(one, dict)], f"json:{name}", unsure
    return [whole], "json", ()


def _paths(value: dict[str, Any], before: Sequence[str] = ()) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, inner in value.items():
        path = (*before, name)
        if isinstance(inner, dict):
            found += _paths(inner, path)
        elif not isinstance(inner, list):
            found.append((".".join(path), "" if inner is None else str(inner)))
    return found
