"""Chunks of a delivered file become answered lines: the sender's cells beside what was found.

Protects the promise that an answer speaks of the sender's own file: its lines, its columns under
its names, in its order.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from shopnow.kernel import TerminalError
from shopnow.pipeline.answering.model import AnsweredLine, Finding, Language, Level
from shopnow.pipeline.answering.wording import EMPTY, expected_by, finding
from shopnow.sources import wanted_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shopnow.pipeline.answering.masking import Mask
    from shopnow.pipeline.answering.nearest import Nearest
    from shopnow.sources import BadLine, Contracts, Field, RawChunk, RecordMap, Source

# What was said of one record: its line, then level, rule code and attribute of each finding.
Said = tuple[int, list[tuple[Level, str, str]]]
# A text is quoted up to here: an answer shows what is wrong, it does not repeat the file.
_QUOTED = 500


@dataclass
class Teller:
    """Tells the lines of one file; `part` is its name in a bundle.  Chunks come in file order."""

    source: Source
    contracts: Contracts
    language: Language
    mask: Mask
    nearest: Nearest
    part: str | None = None
    everything: bool = False
    # Names of columns that are known before the file is read; of text they stand in the file.
    header: list[str] = field(default_factory=list)

    def columns(self, chunk: RawChunk) -> list[str]:
        """The sender's columns, from the first chunk of the file."""
        if self.source.format == "csv" and not self.header:
            # The first chunk of a text file ends with its header.
            names = _cells(chunk.raw.get(chunk.lines), self.source)
            self.header = _distinct([name.replace("\ufeff", "").strip() for name in names])
        if self.header:
            return self.header
        roots, elements, each = wanted_paths(self.source, self.part)
        below = [f"{each}.{path}" for path in elements if not path.startswith("$.")]
        return [*roots, *(below if each else ())]

    def tell(
        self,
        chunk: RawChunk,
        frames: Mapping[str, pl.DataFrame],
        said: Mapping[int, Said],
        file_name: str,
    ) -> Iterator[AnsweredLine]:
        """The lines of a chunk on which there is something to say (all of them: `everything`).

        `frames`: as mapped, with record_no; `said`: by record_no.
        """
        self.columns(chunk)
        found: dict[tuple[int, int], list[Finding]] = defaultdict(list)
        for record in self.source.records_of(self.part):
            if record.kind in frames:
                self._records(record, frames[record.kind], said, found)
        for bad in chunk.bad:
            found[bad.line_no, 0].append(self._unreadable(bad))
        if self.everything:
            for line in chunk.frame["_line"].to_list():
                found.setdefault((line, 0), [])
        unreadable = {bad.line_no for bad in chunk.bad}
        _once(found)
        roots = self._roots(chunk, {line for line, _ in found})
        items = self._items(chunk, {place for place in found if place[1]})
        for (line, item), findings in sorted(found.items()):
            cells = self._line(chunk, line, roots, is_bad=line in unreadable)
            cells |= items.get((line, item), {})
            yield AnsweredLine(file_name, line, item, _telling(findings), cells)

    def _records(
        self,
        record: RecordMap,
        frame: pl.DataFrame,
        said: Mapping[int, Said],
        found: dict[tuple[int, int], list[Finding]],
    ) -> None:
        first, last = _ends(frame)
        here = [number for number in range(first, last + 1) if number in said]
        if not here:
            return
        wanted = pl.Series(here, dtype=pl.Int64)
        for row in frame.filter(pl.col("record_no").is_in(wanted.implode())).iter_rows(named=True):
            line, reasons = said[row["record_no"]]
            if line != row["line_no"]:
                raise TerminalError(
                    f"record {row['record_no']} stands on line {row['line_no']}, not {line}",
                    "The source was changed since the delivery was judged.",
                )
            for level, rule, name in reasons:
                found[line, row["item_no"]].append(self._finding(record, row, level, rule, name))

    def _finding(
        self, record: RecordMap, row: Mapping[str, Any], level: Level, rule: str, name: str
    ) -> Finding:
        attribute = self.contracts.kinds[record.kind].by_name.get(name)
        # The house's category is judged from the sender's own word where no code is sent.
        sent = "source_category" if name == "category_id" and name not in row else name
        spec = record.fields.get(sent)
        value = row.get(sent)
        seen, nearest = "", ""
        if attribute is not None and value is not None:
            if not value.strip():
                seen = EMPTY[self.language]
            elif not attribute.is_quotable:
                seen = self.mask.text
            else:
                seen = _short(self.mask.loose(value))
                nearest = self.nearest.of(rule, value.strip(), attribute, spec)
        return finding(
            rule,
            level,
            self.language,
            attribute=attribute,
            column=self._column(record, spec, sent, row["item_no"]),
            seen=seen,
            expected=expected_by(rule, attribute, spec, self.source, self.language),
            nearest=nearest,
            decimal=self.source.dialect.decimal,
        )

    def _column(self, record: RecordMap, spec: Field | None, name: str, item: int) -> str:
        """The sender's own name of what feeds an attribute; ours where it sends nothing for it."""
        if spec is None or not (spec.paths or spec.take):
            return record.each or name if name == "items" else name
        path = spec.paths[0] if spec.paths else str(spec.take)
        if record.each and not path.startswith("$."):
            return f"{record.each}[{item}].{path}"
        return path.removeprefix("$.")

    def _unreadable(self, bad: BadLine) -> Finding:
        what = bad.detail_fr if self.language == "fr" else ""
        expected = ""
        if bad.code == "ragged_line" and self.header:
            word = "colonnes" if self.language == "fr" else "columns"
            expected = f"{len(self.header)} {word}"
        return finding(bad.code, "reject", self.language, what=what, expected=expected)

    def _roots(self, chunk: RawChunk, lines: set[int]) -> dict[int, dict[str, Any]]:
        """Rows of a format whose lines are no text of cells, by line."""
        if self.source.format == "csv":
            return {}
        wanted = pl.Series(sorted(lines), dtype=pl.Int64)
        rows = chunk.frame.filter(pl.col("_line").is_in(wanted.implode()))
        return {row["_line"]: row for row in rows.iter_rows(named=True)}

    def _line(
        self, chunk: RawChunk, line: int, roots: Mapping[int, Mapping[str, Any]], *, is_bad: bool
    ) -> dict[str, str]:
        if self.source.format != "csv":
            row = roots.get(line, {})
            return self._masked({k: v for k, v in row.items() if not k.startswith("_")})
        texts = _cells(chunk.raw.get(line), self.source)
        if is_bad and self.mask.speaks_of_people:
            # The cells of such a line stand under the wrong names.
            return dict.fromkeys(self.header, self.mask.text)
        spare = texts[len(self.header) - 1 :]
        if self.header and len(spare) > 1:
            texts = [*texts[: len(self.header) - 1], self.source.dialect.delimiter.join(spare)]
        return self._masked(dict(zip(self.header, texts, strict=False)))

    def _items(
        self, chunk: RawChunk, places: set[tuple[int, int]]
    ) -> dict[tuple[int, int], dict[str, str]]:
        """The cells of elements of lists, by line and place in the list."""
        if chunk.items is None or not places:
            return {}
        _, elements, each = wanted_paths(self.source, self.part)
        wanted = pl.Series(sorted({line for line, _ in places}), dtype=pl.Int64)
        rows = chunk.items.filter(pl.col("_line").is_in(wanted.implode())).iter_rows(named=True)
        paths = [path for path in elements if not path.startswith("$.")]
        cells = {
            (row["_line"], row["_item"]): self._masked({path: row.get(path) for path in paths})
            for row in rows
            if (row["_line"], row["_item"]) in places
        }
        return {
            place: {f"{each}.{path}": value for path, value in texts.items()}
            for place, texts in cells.items()
        }

    def _masked(self, cells: Mapping[str, str | None]) -> dict[str, str]:
        return {
            name: _short(self.mask.cell(name, value))
            for name, value in cells.items()
            if value is not None
        }


def _ends(frame: pl.DataFrame) -> tuple[int, int]:
    """The first and the last number of the frame's records; they follow one another."""
    if not frame.height:
        return 1, 0
    return int(frame["record_no"][0]), int(frame["record_no"][-1])


def _once(found: dict[tuple[int, int], list[Finding]]) -> None:
    """What a line says of itself is not said again of each element of its list."""
    for line, item in [place for place in found if place[1]]:
        above = found.get((line, 0), [])
        said = {(one.rule, one.column) for one in above}
        rejected = any(one.level == "reject" for one in above)
        kept = [
            one
            for one in found[line, item]
            if (one.rule, one.column) not in said
            and not (rejected and one.rule == "parent_rejected")
        ]
        if kept:
            found[line, item] = kept
        else:
            del found[line, item]


def _telling(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings without repetition; that a parent is rejected needs no word beside its reasons."""
    others = [one for one in findings if one.rule != "parent_rejected"]
    rejecting = any(one.level == "reject" for one in others)
    return tuple(dict.fromkeys(others if rejecting else findings))


def _cells(raw: bytes, source: Source) -> list[str]:
    """The cells of one logical line of a text file."""
    text = io.StringIO(raw.decode("utf-8", "replace"), newline="")
    dialect = source.dialect
    quote = dialect.quote
    csv.field_size_limit(1 << 28)
    try:
        if quote is None:
            rows = csv.reader(text, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
        else:
            rows = csv.reader(text, delimiter=dialect.delimiter, quotechar=quote)
        return next(iter(rows), [])
    except csv.Error:
        return raw.decode("utf-8", "replace").split(dialect.delimiter)


def _distinct(names: list[str]) -> list[str]:
    """Column names, each once: the second `prix` is `prix (2)`."""
    seen: dict[str, int] = defaultdict(int)
    made = []
    for name in names:
        seen[name] += 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return made


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
