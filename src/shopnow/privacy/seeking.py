"""Seek millions of values in a text at once, in memory that grows by some bytes a value.

A value is kept as two numbers: its first seven letters, and a hash of all of them.  Wherever a word
begins, its seven letters are asked for; only where they are known the whole is hashed and compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from shopnow.privacy.plaintext import Places, Words, decoded, folded, texts_in, unescaped, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Numbers = npt.NDArray[np.uint64]

# A value of fewer letters and digits is a word like another: « Li », « 3 rue ».
SHORTEST: Final = 8
# … but two words of seven letters together are a name.
SHORTEST_OF_TWO: Final = 7
# A longer value is sought by its beginning.
LONGEST: Final = 160
_HEAD_BYTES: Final = 7
_HEAD: Final = np.uint64((1 << 8 * _HEAD_BYTES) - 1)
_ODD: Final = np.uint64(0x9E37_79B9_7F4A_7C15)
# One bit for each of so many heads: 32 MB, of which a few per cent are set.
_SIEVE_BITS: Final = 28
# Windows of one length that are hashed at once.
_ROWS: Final = 65_536
# A telephone number: together; in groups after a plus; in groups of which the first begins with 0.
_NUMBER: Final = re.compile(
    rb"\+?[0-9]+|\+[0-9]+(?:[ .()/-]{1,3}[0-9]+)+|0[0-9]+(?:[ ./-][0-9]+)?(?:[ ./-][0-9]{2,})+"
)
_APART: Final = re.compile(rb"[^0-9a-z\x80-\xff]{5,}")


@dataclass
class Sought:
    """The values sought; add them, close it, then ask."""

    kinds: list[str] = field(default_factory=list)
    too_short: int = 0
    _hashes: list[Numbers] = field(default_factory=list)
    _heads: list[Numbers] = field(default_factory=list)
    _lengths: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    _of_kind: list[npt.NDArray[np.uint8]] = field(default_factory=list)

    def add(self, kind: str, values: Iterable[str]) -> None:
        """Seek these values; what one may be written as beside itself is sought too."""
        lines = [" ".join(value.split()) for value in values]
        lines += [other for value in lines for other in _dialled(value)]
        if not lines:
            return
        words = words_of(folded("\n".join(lines).encode()))
        heads, lengths, hashes, short = _kept(words)
        if kind not in self.kinds:
            self.kinds.append(kind)
        self.too_short += short
        self._heads.append(heads)
        self._lengths.append(lengths)
        self._hashes.append(hashes)
        self._of_kind.append(np.full(len(heads), self.kinds.index(kind), dtype=np.uint8))

    def close(self, exempt: Sequence[str] = ()) -> Net:
        """Return the net that seeks them all, but those exempt; nothing is added afterwards."""
        nobody = np.empty(0, dtype=np.uint64)
        hashes = np.concatenate((*self._hashes, nobody))
        heads = np.concatenate((*self._heads, nobody))
        lengths = np.concatenate((*self._lengths, nobody.astype(np.uint8)))
        of_kind = np.concatenate((*self._of_kind, nobody.astype(np.uint8)))
        self._hashes, self._heads, self._lengths, self._of_kind = [], [], [], []
        public = Sought()
        public.add("public", exempt)
        hashes, first = np.unique(hashes, return_index=True)
        is_sought = np.isin(hashes, np.concatenate((*public._hashes, nobody)), invert=True)
        first, hashes = first[is_sought], hashes[is_sought]
        # A head leaves one byte free: for the length, so that what has one head stands together.
        pairs = np.unique(heads[first] << np.uint64(8) | lengths[first].astype(np.uint64))
        return Net(tuple(self.kinds), hashes, of_kind[first], pairs, self.too_short)


@dataclass(frozen=True)
class Net:
    """Values in the form in which they are compared; none can be read from it."""

    kinds: tuple[str, ...]
    _hashes: Numbers
    _of_kind: npt.NDArray[np.uint8]
    _pairs: Numbers
    too_short: int
    _sieve: npt.NDArray[np.uint8] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Set the bits of the heads."""
        sieve = np.zeros(1 << (_SIEVE_BITS - 3), dtype=np.uint8)
        for part in np.array_split(self._pairs, 1 + len(self._pairs) // 1_000_000):
            at = _bit_of(part >> np.uint64(8))
            np.bitwise_or.at(sieve, at >> 3, np.uint8(1) << (at & 7).astype(np.uint8))
        object.__setattr__(self, "_sieve", sieve)

    def __len__(self) -> int:
        """Return how many different values are sought."""
        return len(self._hashes)

    def hits(self, part: bytes, *, seen: int = 0, is_text: bool = True) -> dict[str, int]:
        """Return how many values, by kind, stand in these bytes, whatever their spelling.

        The first `seen` bytes were asked before: what ends in them is not counted again.  Unless
        `is_text` one letter may stick to a value: a server writes lengths between its values.
        """
        if not len(self):
            return {}
        counts: dict[str, int] = {}
        decode = unescaped if is_text else texts_in
        plain = decode(part)
        before = len(words_of(folded(decode(part[:seen]))).letters) if seen else 0
        for text, from_there in ((plain, before), (texts_in(decoded(part)), 0)):
            for end, kind in self._found(words_of(folded(text)), is_text=is_text):
                if end > from_there:
                    counts[self.kinds[kind]] = counts.get(self.kinds[kind], 0) + 1
        return counts

    def _found(self, words: Words, *, is_text: bool) -> Iterator[tuple[int, int]]:
        """Yield end and kind of each value in the letters of a text."""
        begins, ends = words.begins, words.ends
        if not is_text:
            begins = begins | np.concatenate((begins[:1] & False, begins[:-1]))
            ends = ends | np.concatenate((ends[1:], ends[:1] & False))
        heads = _heads(words)
        starts = np.flatnonzero(begins[: len(heads)])
        asked = heads[starts]
        at = _bit_of(asked)
        known = (self._sieve[at >> 3] >> (at & 7).astype(np.uint8)) & 1 != 0
        starts, asked = starts[known], asked[known]
        for first in range(0, len(starts), _ROWS):
            yield from self._compared(
                words, starts[first : first + _ROWS], asked[first : first + _ROWS], ends
            )

    def _compared(
        self, words: Words, starts: Places, asked: Numbers, ends: npt.NDArray[np.bool_]
    ) -> Iterator[tuple[int, int]]:
        low = np.searchsorted(self._pairs, asked << np.uint64(8))
        high = np.searchsorted(self._pairs, (asked << np.uint64(8)) | np.uint64(0xFF), "right")
        many = high - low
        begun = np.repeat(starts, many)
        nth = np.arange(len(begun)) - np.repeat(np.cumsum(many) - many, many)
        lengths = (self._pairs[np.repeat(low, many) + nth] & np.uint64(0xFF)).astype(np.int64)
        last = begun + lengths - 1
        fits = last < len(words.letters)
        begun, lengths, last = begun[fits], lengths[fits], last[fits]
        whole = ends[last] | (lengths == LONGEST)
        begun, lengths = begun[whole], lengths[whole]
        for length in np.unique(lengths):
            of_length = begun[lengths == length]
            hashes = _hashed(words, of_length, int(length))
            place = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
            is_hit = self._hashes[place] == hashes
            for start, which in zip(of_length[is_hit], place[is_hit], strict=True):
                if _is_meant(words, int(start), int(start + length)):
                    yield int(start + length), int(self._of_kind[which])


def _kept(words: Words) -> tuple[Numbers, npt.NDArray[np.uint8], Numbers, int]:
    """Return head, length and hash of each line that is long enough, and how many are not."""
    raw = np.frombuffer(words.folded, dtype=np.uint8)
    stops = np.concatenate((np.flatnonzero(raw == ord("\n")), [len(raw)]))
    upto = np.searchsorted(words.places, stops)
    start = np.concatenate(([0], upto[:-1]))
    length = upto - start
    counted = np.concatenate(([0], np.cumsum(words.begins)))
    several = counted[upto] - counted[start] > 1
    is_long = (length >= SHORTEST) | (several & (length >= SHORTEST_OF_TWO))
    short = int(np.count_nonzero(~is_long & (length > 0)))
    start, length = start[is_long], np.minimum(length[is_long], LONGEST)
    hashes = np.empty(len(start), dtype=np.uint64)
    for one in np.unique(length):
        rows = np.flatnonzero(length == one)
        for first in range(0, len(rows), _ROWS):
            part = rows[first : first + _ROWS]
            hashes[part] = _hashed(words, start[part], int(one))
    return _heads(words)[start], length.astype(np.uint8), hashes, short


def _heads(words: Words) -> Numbers:
    """Return the first letters of whatever begins at each letter, as one number."""
    letters = np.concatenate((words.letters, np.zeros(8, dtype=np.uint8)))
    count = max(0, len(words.letters) - _HEAD_BYTES + 1)
    return np.ndarray((count,), dtype="<u8", buffer=letters, strides=(1,)) & _HEAD


def _hashed(words: Words, starts: Places, length: int) -> Numbers:
    """Return a number for the `length` letters from each start; equal letters, equal numbers."""
    powers = np.cumprod(np.full(length, _ODD, dtype=np.uint64))
    hashes = np.zeros(len(starts), dtype=np.uint64)
    for nth, power in enumerate(powers):
        # Mixed before they are added: sums of small multiples of one number repeat themselves.
        mixed = (words.letters[starts + nth].astype(np.uint64) + np.uint64(1)) * power
        hashes += mixed ^ (mixed >> np.uint64(29))
    return hashes * _ODD + np.uint64(length)


def _bit_of(heads: Numbers) -> Places:
    return ((heads * _ODD) >> np.uint64(64 - _SIEVE_BITS)).astype(np.int64)


def _is_meant(words: Words, start: int, end: int) -> bool:
    """Say whether letters that are equal are the value: not columns of numbers, not far apart."""
    first, last = int(words.places[start]), int(words.places[end - 1]) + 1
    said = words.folded[first:last]
    if words.letters[start:end].tobytes().isdigit():
        before = words.folded[max(0, first - 1) : first]
        is_cut = before.isdigit() or words.folded[last : last + 1].isdigit()
        plus = before if before == b"+" else b""
        return _NUMBER.fullmatch(plus + said) is not None and not is_cut
    return _APART.search(said) is None


def _dialled(value: str) -> Iterator[str]:
    """Yield how a number is dialled: +33 6 … is 0033 6 …, and in France 06 …."""
    if value.startswith("+"):
        yield "00" + value[1:]
    for prefix in ("+33", "0033"):
        if value.startswith(prefix):
            yield "0" + value.removeprefix(prefix).strip().removeprefix("(0)")
