"""XML documents, record by record, with the physical line of each.

expat reads them: it knows each record's line and bytes however long the file is, fetches nothing,
and tells of a DOCTYPE before anything in it counts. Only the record that is being read is held.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError, TreeBuilder
from xml.parsers import expat

from shopnow.kernel import ShopnowError
from shopnow.sources.readers import refusals
from shopnow.sources.readers.csv_exact import too_long_detail
from shopnow.sources.readers.decompress import open_source
from shopnow.sources.readers.encoding import Undecodable, Utf8Source, text_head
from shopnow.sources.readers.model import MIB, RAW_HEAD_BYTES, BadLine, Limits, canonical_encoding
from shopnow.sources.readers.xml_columns import Found, XmlColumns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from shopnow.sources.readers.decompress import ByteSource
    from shopnow.sources.readers.model import RawChunk, UnreadableFile

BLOCK: Final = 64 << 10
CHUNK_BYTES: Final = 4 * MIB
CHUNK_RECORDS: Final = 5_000
DEEPEST: Final = 100
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS: Final = ("utf-8", "utf-16", "utf-32", "iso8859", "latin", "cp12", "ascii")
# What expat says of a document that ends too early.
_CUT: Final = ("no element found", "unclosed token", "unclosed CDATA section")

_TOLD: Final = {
    "syntax error": "ce n'est pas du XML",
    "mismatched tag": "la balise fermante n'est pas celle qui est ouverte",
    "not well-formed (invalid token)": "un caractère qui n'est pas permis à cette place",
    "unbound prefix": "un préfixe qui n'est déclaré nulle part",
    "undefined entity": "une entité qui n'est déclarée nulle part",
    "duplicate attribute": "un attribut en double",
    "junk after document element": "du texte suit la fin du document",
    "XML or text declaration not at start of entity": "<?xml …?> n'est pas au tout début",
}


@dataclass(frozen=True, slots=True)
class XmlLayout:
    """Where the records stand: `record` names the elements from the root down, with `/` between.

    `namespaces`: what the prefixes in paths stand for. `encoding`: goes before what the document
    itself says. `doctype`: the name of a DOCTYPE that is let pass if it declares nothing itself.
    """

    record: str
    namespaces: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    doctype: str | None = None


def read_xml(
    stream: BinaryIO,
    layout: XmlLayout,
    paths: Sequence[str],
    each: str | None = None,
    item_paths: Sequence[str] = (),
    *,
    limits: Limits | None = None,
) -> Iterator[RawChunk]:
    """Give the records of an XML document, chunk by chunk, in file order.

    Paths are those of ElementTree below the record (`a/b`, `a[@kind='net']/b`, `p:a`), at the end
    `@name` for an attribute; of several elements the first with text counts. `each`: the elements
    to explode, as `items` of `read_ndjson`. Text: null = no such element, "" = empty.
    `_line` as in `read_json`.
    Raises UnreadableFile, also after good chunks: then nothing of the file may be kept.
    """
    limits = limits or Limits()
    columns = XmlColumns(layout.namespaces, paths, each, item_paths)
    source = _text(open_source(stream, limits), layout)
    parser = _Parser(layout, limits)
    ended = False
    while not ended:
        ended = parser.feed(source)
        if ended or parser.size >= CHUNK_BYTES or len(parser.found) >= CHUNK_RECORDS:
            found, bad = parser.taken()
            if ended and not parser.was_there:
                raise refusals.no_records(layout.record, parser.line)
            yield columns.chunk(found, bad)


def _text(source: ByteSource, layout: XmlLayout) -> Utf8Source:
    head = text_head(source)
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    encoding = layout.encoding or (_known(declared.group(1).decode()) if declared else None)
    return Utf8Source(source, encoding, head)


def _known(name: str) -> str | None:
    """The encoding that the document names; None for UTF-16, which shows itself by its bytes."""
    try:
        encoding = canonical_encoding(name)
    except ShopnowError:
        encoding = ""
    if not encoding.startswith(_ENCODINGS):
        raise refusals.unknown_encoding(name)
    # Programs write « utf-16 » into texts that somebody then stores as UTF-8.
    return None if encoding.startswith(("utf-16", "utf-32")) else encoding


class _Parser:
    """expat, and the record that it is in."""

    def __init__(self, layout: XmlLayout, limits: Limits) -> None:
        self._layout = layout
        self._limits = limits
        self._record = [_expanded(name, layout.namespaces) for name in _steps(layout.record)]
        self._stack: list[str] = []
        self._builder: TreeBuilder | None = None
        self._depth = 0
        self._start = 0
        self._window = b""
        self._window_at = 0
        self._fed = 0
        self._last = 0
        self._line = 0
        self.found: list[Found] = []
        self._bad: list[BadLine] = []
        self.size = 0
        self.was_there = False
        self._expat = parser = expat.ParserCreate("utf-8", "}")
        parser.buffer_text = True
        parser.ordered_attributes = False
        parser.StartElementHandler = self._opens
        parser.EndElementHandler = self._closes
        parser.StartDoctypeDeclHandler = self._declares
        parser.SkippedEntityHandler = self._lacks

    @property
    def line(self) -> int:
        """Physical line that is being read."""
        return self._expat.CurrentLineNumber

    def taken(self) -> tuple[list[Found], list[BadLine]]:
        """Hand over what was found since the last time."""
        found, bad = self.found, self._bad
        self.found, self._bad, self.size = [], [], 0
        return found, bad

    def feed(self, source: Utf8Source) -> bool:
        """Read one block; True at the end of the document."""
        try:
            block = source.read(BLOCK)
            self._window += block
            self._fed += len(block)
            self._expat.Parse(block, not block)
        except Undecodable as wrong:
            line = self.line + wrong.prefix.count(b"\n")
            raise refusals.wrong_encoding(wrong.encoding, line, wrong.byte, declared=True) from None
        except (expat.ExpatError, ParseError) as broken:
            said = str(broken).partition(":")[0]
            if said in _CUT:
                raise refusals.cut_document("XML", self.line) from None
            raise self._broken(_TOLD.get(said, "une erreur de syntaxe")) from None
        at = self._expat.CurrentByteIndex
        if self._fed - at > self._limits.max_line_bytes + BLOCK:
            raise refusals.record_too_long(self.line, self._limits.max_line_bytes)
        self._forget(self._start if self._depth else at)
        return not block

    def _forget(self, before: int) -> None:
        # Of a record that is too long anyway the head is enough.
        if self._depth and len(self._window) > self._limits.max_line_bytes:
            self._builder = self._expat.CharacterDataHandler = None
            self._window = self._window[: RAW_HEAD_BYTES + 1]
            return
        if before > self._window_at:
            self._window = self._window[before - self._window_at :]
            self._window_at = before

    def _opens(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth:
            self._depth += 1
            if self._depth > DEEPEST:
                raise self._broken("trop d'éléments imbriqués")
        else:
            self._stack.append(tag)
            if self._stack != self._record:
                # Where records would stand there are none: an empty catalogue is one all the same.
                self.was_there = self.was_there or self._stack == self._record[:-1]
                if len(self._stack) > DEEPEST:
                    raise self._broken("trop d'éléments imbriqués")
                return
            self._depth = 1
            self.was_there = True
            self._start = self._expat.CurrentByteIndex
            self._line = self._expat.CurrentLineNumber
            self._builder = TreeBuilder()
            self._expat.CharacterDataHandler = self._builder.data
        if self._builder is not None:
            if attributes:
                attributes = {_braced(name): value for name, value in attributes.items()}
            self._builder.start(_braced(tag), attributes)

    def _closes(self, tag: str) -> None:
        if not self._depth:
            self._stack.pop()
            return
        self._depth -= 1
        if self._builder is not None:
            self._builder.end(_braced(tag))
        if not self._depth:
            self._stack.pop()
            self._expat.CharacterDataHandler = None
            self._add()

    def _add(self) -> None:
        self._last = number = max(self._line, self._last + 1)
        longest = self._limits.max_line_bytes
        length = self._expat.CurrentByteIndex - self._start
        begin = self._start - self._window_at
        if self._builder is None or length > longest:
            raw = self._window[begin : begin + RAW_HEAD_BYTES]
            self._bad.append(BadLine(number, "line_too_long", too_long_detail(longest), raw))
        else:
            end = self._window.find(b">", begin + length) + 1
            raw = self._window[begin : end or None]
            self.found.append(Found(number, self._builder.close(), raw))
            self.size += length
        self._builder = None

    def _declares(
        self, name: str, system: str | None, public: str | None, has_internal_subset: int
    ) -> None:
        del system, public
        if has_internal_subset or name != self._layout.doctype:
            raise refusals.refused_doctype(name, self.line)

    def _lacks(self, entity: str, is_parameter: bool) -> None:
        del is_parameter
        raise self._broken(f"l'entité « &{entity[:40]}; » n'est déclarée nulle part")

    def _broken(self, found: str) -> UnreadableFile:
        column = self._expat.CurrentColumnNumber + 1
        return refusals.invalid_document("XML", self.line, column, found)


def _steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step]


def _expanded(name: str, namespaces: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{namespaces.get(prefix, prefix)}}}{local}" if colon else name


def _braced(name: str) -> str:
    return "{" + name if "}" in name else name
