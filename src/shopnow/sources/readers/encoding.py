"""Any text file as valid UTF-8 blocks without byte order mark.

Order of belief: BOM, the declared encoding, UTF-8, Windows-1252. A byte that the encoding does
not know is never replaced: it stops the file, so that no name reaches the warehouse garbled.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

import polars as pl

from shopnow.sources.readers import refusals
from shopnow.sources.readers.model import canonical_encoding

if TYPE_CHECKING:
    from shopnow.sources.readers.decompress import ByteSource

HEAD_BYTES: Final = 64 << 10
SNIFFED_BYTES: Final = 4096
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAGICS: Final = (
    (b"PK\x03\x04", "celui d'une archive ZIP ou d'un classeur XLSX"),
    (b"%PDF-", "celui d'un PDF"),
    (b"PAR1", "celui d'un fichier Parquet"),
    (b"\x89PNG", "celui d'une image"),
    (b"\xff\xd8\xff", "celui d'une image"),
    (b"\xd0\xcf\x11\xe0", "celui d'un ancien fichier Office (XLS)"),
    (b"7z\xbc\xaf", "celui d'une archive 7z"),
    (b"\x28\xb5\x2f\xfd", "celui d'un fichier compressé avec zstd"),
    (b"BZh", "celui d'un fichier compressé avec bzip2"),
)
# Tab, line feed, form feed, carriage return and the end mark of old DOS files are text.
UTF8_LEADS: Final = ((0xF0, 4), (0xE0, 3), (0xC0, 2))
CONTINUATION: Final = 0x80
CONTROLS: Final = bytes(set(range(32)) - {9, 10, 12, 13, 26})
CONTROL_SHARE: Final = 0.02
STRAY_CONTROLS: Final = 3
ZERO_SHARE_OF_UTF16: Final = 0.3


class Undecodable(Exception):  # noqa: N818 - an event between layers, turned into a refusal
    """`prefix` is the readable text before the byte, after what was already given."""

    def __init__(self, encoding: str, prefix: bytes, byte: int) -> None:
        """Keep what the owner of the line numbers needs to name the line."""
        super().__init__(encoding)
        self.encoding = encoding
        self.prefix = prefix
        self.byte = byte


def read_head(source: ByteSource) -> bytes:
    """Return the first 64 KiB, less only when the file is shorter."""
    pieces = []
    missing = HEAD_BYTES
    while missing > 0 and (block := source.read(missing)):
        pieces.append(block)
        missing -= len(block)
    return b"".join(pieces)


def text_head(source: ByteSource) -> bytes:
    """Return the first 64 KiB of a document; raises UnreadableFile: empty_file."""
    head = read_head(source)
    if len(head) < HEAD_BYTES and not head.strip():
        raise refusals.empty_file()
    return head


def encoding_by_marks(head: bytes) -> tuple[str | None, int]:
    """Return the encoding that a BOM or the place of the zero bytes shows, and the BOM's length."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name, len(mark)
    sample = head[:SNIFFED_BYTES]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd > len(sample) * ZERO_SHARE_OF_UTF16 and max(even, odd) > 10 * min(even, odd):
        return ("utf-16-le" if odd > even else "utf-16-be"), 0
    return None, 0


def refuse_binary(head: bytes, source: ByteSource) -> None:
    """Raise unless `head` (decoded to UTF-8) looks like text."""
    for magic, found in MAGICS:
        if head.startswith(magic):
            raise refusals.binary_file(found)
    controls = len(head) - len(head.translate(None, CONTROLS))
    if controls > max(STRAY_CONTROLS, len(head) * CONTROL_SHARE) or controls * 2 > len(head):
        # Ten gigabytes of zeros are first of all a bomb, and better named so.
        source.refuse_if_swollen()
        zeros = head.count(0)
        raise refusals.binary_file(
            f"fait de {controls} caractères de contrôle (dont {zeros} octets nuls) "
            f"sur {len(head)} octets"
        )


def is_utf8(block: bytes) -> bool:
    """Tell whether the block is valid UTF-8, at memory speed."""
    if block.isascii():
        return True
    try:
        pl.Series([block]).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def complete_length(block: bytes) -> int:
    """Return the length of `block` without a UTF-8 character cut at its end.

    >>> complete_length("aé".encode()), complete_length("aé".encode()[:-1])
    (3, 1)
    """
    for back in range(1, min(3, len(block)) + 1):
        byte = block[-back]
        needed = next((length for lead, length in UTF8_LEADS if byte >= lead), 1)
        if needed > 1:
            return len(block) - back if needed > back else len(block)
        if byte < CONTINUATION:
            break
    return len(block)


class Utf8Source:
    """Blocks of valid UTF-8 from a file of any encoding.

    Files of the old Macintosh, whose lines end with a lone carriage return, come out with line
    feeds: one character for one, so that line numbers stay those of the file.
    """

    def __init__(self, source: ByteSource, declared: str | None, head: bytes | None = None) -> None:
        """Read the head (unless given), settle the encoding as it shows, refuse what is no text.

        Raises UnreadableFile: empty_file, binary_file or decompression_bomb.
        """
        self._source = source
        head = read_head(source) if head is None else head
        marked, skip = encoding_by_marks(head)
        known = canonical_encoding(declared) if declared else None
        self.is_declared = marked is None and known is not None
        self.encoding = marked or known
        self._head = head[skip:]
        self._held = b""
        self._ended = False
        if not self._head:
            raise refusals.empty_file()
        decoded = self._head
        if self.encoding not in (None, "utf-8"):
            decoded = decoded.decode(str(self.encoding), "ignore").encode()
        refuse_binary(decoded, source)
        self._has_lone_returns = b"\n" not in self._head and b"\r" in self._head[:-1]
        self._decoder: codecs.IncrementalDecoder | None = None
        self._settle(self.encoding)

    def read(self, size: int) -> bytes:
        """Return some UTF-8 text (about `size` bytes of the file), or none at the end.

        Raises Undecodable at the first byte that the encoding does not know.
        """
        while not self._ended:
            raw, self._head = self._head[:size], self._head[size:]
            if not raw:
                raw = self._source.read(size)
            self._ended = not raw
            text = self._transcoded(raw) if self._decoder else self._checked(raw)
            if text:
                return text.replace(b"\r", b"\n") if self._has_lone_returns else text
        return b""

    def _settle(self, encoding: str | None) -> None:
        self.encoding = encoding
        if encoding not in (None, "utf-8"):
            self._decoder = codecs.getincrementaldecoder(str(encoding))("strict")

    def _transcoded(self, raw: bytes) -> bytes:
        assert self._decoder is not None  # noqa: S101 - for the type checker
        try:
            return self._decoder.decode(raw, final=self._ended).encode()
        except UnicodeDecodeError as wrong:
            prefix = wrong.object[: wrong.start].decode(str(self.encoding), "ignore").encode()
            byte = wrong.object[wrong.start]
            raise Undecodable(str(self.encoding), prefix, byte) from wrong

    def _checked(self, raw: bytes) -> bytes:
        block = self._held + raw if self._held else raw
        cut = len(block) if self._ended else complete_length(block)
        text, self._held = block[:cut], block[cut:]
        if is_utf8(text):
            if self.encoding is None and not text.isascii():
                self._settle("utf-8")
            return text
        try:
            text.decode()
        except UnicodeDecodeError as wrong:
            if self.encoding == "utf-8" or not text[: wrong.start].isascii():
                raise Undecodable("utf-8", text[: wrong.start], text[wrong.start]) from wrong
        # Only ASCII before: the file is not UTF-8, so it is what French tills write.
        self._settle("cp1252")
        self._held = b""
        return self._transcoded(block)
