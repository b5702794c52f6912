"""One spelling for all spellings: how text of any origin is made comparable before it is searched.

Letters without case and accents, digits, nothing between them: « Müller-Étienne », "MULLER ETIENNE"
and "M%C3%BCller Etienne" become the same bytes.  What stands encoded (hexadecimal, base64, UTF-16)
is read too.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Bytes of a word: letters and digits of ASCII, and all of any other script.
_WORD: Final = np.zeros(256, dtype=np.bool_)
_WORD[[*range(0x30, 0x3A), *range(0x61, 0x7B), *range(0x80, 0x100)]] = True
# Accents that were taken off their letters; signs of other alphabets that stand between words.
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_SIGNS: Final = re.compile("[\u00a0-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u303f\ufffd]+")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(rb"\\+u([0-9A-Fa-f]{4})")
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")


def _class(letters: str, *ranges: tuple[int, int]) -> Flags:
    members = np.zeros(256, dtype=np.bool_)
    members[[ord(letter) for letter in letters]] = True
    for first, last in ranges:
        members[first : last + 1] = True
    return members


_DIGITS: Final = (0x30, 0x39)
_HEX: Final = _class("", _DIGITS, (0x41, 0x46), (0x61, 0x66))
_BASE64: Final = _class("+/", _DIGITS, (0x41, 0x5A), (0x61, 0x7A))
_ASCII: Final = _class("\t\n\r", (0x20, 0x7E))
_LATIN: Final = _class("", (0x20, 0x7E), (0xA0, 0xFF))
# As many bytes as the shortest value has letters, in the ways in which they are encoded.
_RUN: Final = 7
_FOUR: Final = 4


@dataclass(frozen=True)
class Words:
    """The words of a text, written together; the arrays have an entry for each of their bytes."""

    # The text itself, folded; `places` leads from a byte of the words into it.
    folded: bytes
    letters: Bytes
    places: Places
    begins: Flags
    ends: Flags


def words_of(folded: bytes) -> Words:
    """Return the words of a folded text."""
    raw = np.frombuffer(folded, dtype=np.uint8)
    places = np.flatnonzero(_WORD[raw])
    letters = raw[places]
    apart = np.diff(places) > 1
    begins = np.concatenate((np.ones(min(1, len(places)), dtype=np.bool_), apart))
    ends = np.concatenate((apart, np.ones(min(1, len(places)), dtype=np.bool_)))
    return Words(folded, letters, places, begins, ends)


def folded(part: bytes) -> bytes:
    """Return text without case and accents, as UTF-8; what is no text separates words."""
    if part.isascii():
        return part.lower()
    text = part.decode("utf-8", "replace").lower()
    return _FOREIGN.sub(lambda hit: _unaccented(hit.group()), text).lower().encode()


@lru_cache(maxsize=65_536)
def _unaccented(letters: str) -> str:
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", letters.casefold()))
    return _SIGNS.sub(" ", plain)


def texts_in(part: bytes) -> bytes:
    """Return what reads as text among bytes of any kind, each piece after a zero byte.

    A piece shorter than the shortest value is none.
    """
    raw = np.frombuffer(part, dtype=np.uint8)
    reads = _ASCII[raw]
    goes_on = (raw & 0xC0) == 0x80  # noqa: PLR2004  # UTF-8: the second byte of a letter, and later ones
    two = ((raw >= 0xC2) & (raw <= 0xDF))[:-1] & goes_on[1:]  # noqa: PLR2004  # leads two bytes
    three = ((raw & 0xF0) == 0xE0)[:-2] & goes_on[1:-1] & goes_on[2:]  # noqa: PLR2004  # leads three
    for led, bytes_led in ((two, 2), (three, 3)):
        for nth in range(bytes_led):
            reads[nth : nth + len(led)] |= led
    kept = np.zeros(len(raw) + 1, dtype=np.int8)
    starts, ends = _runs(reads, _RUN)
    kept[starts], kept[ends] = 1, -1
    inside = np.cumsum(kept[:-1]).astype(np.bool_)
    # The byte before each piece is kept as a zero.
    apart = np.zeros(len(raw), dtype=np.bool_)
    apart[starts[starts > 0] - 1] = True
    return np.where(inside, raw, 0)[inside | apart].astype(np.uint8).tobytes()


def _spans(members: Flags, shortest: int) -> tuple[list[int], list[int]]:
    starts, ends = _runs(members, shortest)
    return starts.tolist(), ends.tolist()


def _runs(members: Flags, shortest: int) -> tuple[Places, Places]:
    """Return where runs of members begin and end that are long enough."""
    edges = np.flatnonzero(np.diff(members, prepend=False, append=False))
    starts, ends = edges[0::2], edges[1::2]
    is_long = ends - starts >= shortest
    return starts[is_long], ends[is_long]


def unescaped(part: bytes) -> bytes:
    r"""Return a text with what addresses (%40) and JSON (\u00e9) write instead of characters."""
    if b"%" in part:
        part = _PERCENT.sub(lambda hit: bytes.fromhex(hit[1].decode()), part)
    if b"\\u" in part:
        part = _ESCAPE.sub(lambda hit: chr(int(hit[1], 16)).encode("utf-8", "replace"), part)
    return part


def decoded(part: bytes) -> bytes:
    """Return what stands in these bytes in hexadecimal, base64 or UTF-16, a line each."""
    return b"\n".join(_decoded(part))


def _decoded(part: bytes) -> Iterator[bytes]:
    raw = np.frombuffer(part, dtype=np.uint8)
    hexed = dict(zip(*_spans(_HEX[raw], 2 * _RUN), strict=True))
    for start, end in hexed.items():
        yield binascii.unhexlify(part[start : end - (end - start) % 2])
    for start, end in zip(*_spans(_BASE64[raw], _RUN * _FOUR // 3), strict=True):
        if hexed.get(start) == end:
            continue
        run = part[start:end]
        # Four characters are three bytes; of a last group that is cut, what it still says.
        run = run[: len(run) - (len(run) % _FOUR == 1)]
        yield binascii.a2b_base64(run + b"=" * (-len(run) % _FOUR))
    pairs = _LATIN[raw[:-1]] & (raw[1:] == 0)
    for first in (0, 1):
        for start, end in zip(*_spans(pairs[first::2], _RUN), strict=True):
            yield part[first + 2 * start : first + 2 * end].decode("utf-16-le").encode()
