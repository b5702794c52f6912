"""One JSON document whose records stand in an array, read element by element.

The document is never held as a whole: each element is cut out, made one line and read as a line of
NDJSON is. A document that is no JSON from some place on is refused as a whole, because where its
next record begins cannot be known.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shopnow.sources.readers import refusals
from shopnow.sources.readers.decompress import open_source
from shopnow.sources.readers.encoding import Undecodable, Utf8Source, text_head
from shopnow.sources.readers.json_values import SCAN, parse_path
from shopnow.sources.readers.model import MIB, Limits, RawChunk, RawLines
from shopnow.sources.readers.ndjson import collector_paused
from shopnow.sources.readers.ndjson_batch import Batch, Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from shopnow.sources.readers.model import UnreadableFile

BLOCK: Final = 256 << 10
SPACES: Final = re.compile(r"[ \t\r\n]*")
# An error so near the end of what was read may only be a value that is cut there.
NEAR_END: Final = 16
BATCH_BYTES: Final = MIB
BATCH_RECORDS: Final = 5_000


def read_json(
    stream: BinaryIO,
    record: str,
    paths: Sequence[str],
    each: str | None = None,
    item_paths: Sequence[str] = (),
    *,
    encoding: str | None = None,
    limits: Limits | None = None,
) -> Iterator[RawChunk]:
    """Give the records of a JSON document, chunk by chunk; frames are those of `read_ndjson`.

    `record`: the dotted path of the array, empty for the document itself; where an object stands
    instead of an array, it is the one record. `encoding`: None = BOM, UTF-8, Windows-1252.
    `_line`: the physical line where the record begins; where several begin on one line they are
    numbered on, so that a document on one line has its records numbered 1, 2, 3.
    Raises UnreadableFile, also after good chunks: then nothing of the file may be kept.
    """
    limits = limits or Limits()
    layout = Layout(paths, each, item_paths)
    opened = open_source(stream, limits)
    source = Utf8Source(opened, encoding, text_head(opened))
    document = _Document(source, limits.max_line_bytes)
    batch = _Elements()
    was_found = False
    for element in document.elements(parse_path(record) if record else ()):
        was_found = True
        if element is not None:
            batch.add(*element)
            if batch.size >= BATCH_BYTES or len(batch.lines) >= BATCH_RECORDS:
                yield batch.chunk(layout, limits)
                batch = _Elements(batch.last)
    if not was_found:
        raise refusals.no_records(record, document.line)
    yield batch.chunk(layout, limits)


@dataclass
class _Elements(RawLines):
    """Elements gathered for one chunk, each made one line; `last`: the number before them."""

    last: int = 0
    numbers: list[int] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, line: int, text: str) -> None:
        self.last = max(line, self.last + 1)
        self.numbers.append(self.last)
        # Within JSON texts a line end never stands bare: all of them are spacing.
        data = text.replace("\n", " ").replace("\r", " ").encode()
        self.lines.append(data)
        self.size += len(data)

    def get(self, line_no: int) -> bytes:
        """Return the element that is numbered `line_no`; KeyError when not of this chunk."""
        at = bisect_left(self.numbers, line_no)
        if at == len(self.numbers) or self.numbers[at] != line_no:
            raise KeyError(line_no)
        return self.lines[at]

    def chunk(self, layout: Layout, limits: Limits) -> RawChunk:
        data = b"".join(line + b"\n" for line in self.lines)
        with collector_paused():
            made = Batch(data, self.numbers, layout, self, limits.max_line_bytes)
        bad = tuple(made.bad)
        return RawChunk(made.frame, made.items, bad, len(self.numbers), made.blank, self)


class _Document:
    """The walk through the document: `line` is the physical line of the place that is read."""

    def __init__(self, source: Utf8Source, longest: int) -> None:
        self._source = source
        self._longest = longest
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def elements(self, path: tuple[str, ...]) -> Iterator[tuple[int, str] | None]:
        """Give line and text of each element; None once when the array is there and empty."""
        yield from self._below(path)
        if self._peek():
            raise self._broken("du texte suit la fin du document")

    def _below(self, path: tuple[str, ...]) -> Iterator[tuple[int, str] | None]:
        mark = self._peek()
        if path and mark == "{":
            yield from self._members(path)
        elif not path and mark == "[":
            yield from self._array()
        elif not path:
            yield self._value()
        else:
            self._value()

    def _members(self, path: tuple[str, ...]) -> Iterator[tuple[int, str] | None]:
        self._take("{")
        if self._peek() == "}":
            self._take("}")
            return
        while True:
            if self._peek() != '"':
                raise self._unexpected("un nom entre guillemets")
            name = json.loads(self._value()[1])
            self._take(":")
            if name == path[0]:
                yield from self._below(path[1:])
            else:
                self._value()
            if self._peek() == "}":
                self._take("}")
                return
            self._take(",")

    def _array(self) -> Iterator[tuple[int, str] | None]:
        self._take("[")
        if self._peek() == "]":
            self._take("]")
            yield None
            return
        while True:
            yield self._value()
            if self._peek() == "]":
                self._take("]")
                return
            self._take(",")

    def _peek(self) -> str:
        """The next character that is no spacing, which is then at hand; empty at the end."""
        while True:
            spaces = SPACES.match(self._text, self._at)
            self._advance(spaces.end() if spaces else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _take(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._unexpected(f"« {mark} »")
        self._advance(self._at + 1)

    def _value(self) -> tuple[int, str]:
        """Line and text of the next value, which is passed over."""
        if not self._peek():
            raise refusals.cut_document("JSON", self.line)
        while True:
            end = self._end_of_value()
            # A number at the end of what was read may go on.
            if end is not None and (end < len(self._text) or self._ended):
                line, text = self.line, self._text[self._at : end]
                self._advance(end)
                return line, text
            if len(self._text) - self._at > self._longest:
                raise refusals.record_too_long(self.line, self._longest)
            if not self._more() and end is None:
                raise refusals.cut_document("JSON", self.line)

    def _end_of_value(self) -> int | None:
        try:
            return SCAN(self._text, self._at)[1]
        except RecursionError:
            raise self._broken("trop d'objets imbriqués") from None
        except StopIteration as broken:
            self._refuse_unless_cut(int(broken.value))
        except json.JSONDecodeError as broken:
            if not broken.msg.startswith("Unterminated string"):
                self._refuse_unless_cut(broken.pos)
        except ValueError:
            raise self._broken("NaN et Infinity ne sont pas des nombres JSON") from None
        return None

    def _refuse_unless_cut(self, place: int) -> None:
        if place < len(self._text) - NEAR_END:
            self._advance(place)
            raise self._broken("un caractère inattendu")
        if self._ended and place < len(self._text.rstrip()):
            self._advance(place)
            raise self._broken("un caractère inattendu")

    def _advance(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _more(self) -> bool:
        """Read on, twice as far each time a value does not fit; False at the end."""
        if self._ended:
            return False
        self._text, self._at = self._text[self._at :], 0
        pieces = [self._text]
        missing = max(BLOCK, len(self._text))
        while missing > 0 and not self._ended:
            try:
                block = self._source.read(missing).decode()
            except Undecodable as wrong:
                before = sum(piece.count("\n") for piece in pieces) + wrong.prefix.count(b"\n")
                raise refusals.wrong_encoding(
                    wrong.encoding, self.line + before, wrong.byte, declared=False
                ) from None
            self._ended = not block
            missing -= len(block)
            pieces.append(block)
        self._text = "".join(pieces)
        return True

    def _unexpected(self, wanted: str) -> UnreadableFile:
        if not self._peek():
            return refusals.cut_document("JSON", self.line)
        return self._broken(f"{wanted} était attendu")

    def _broken(self, found: str) -> UnreadableFile:
        column = self._at - self._text.rfind("\n", 0, self._at)
        return refusals.invalid_document("JSON", self.line, column, found)
